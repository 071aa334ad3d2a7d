interface Changed {
  status: 'changed';
  provider: 'cognito' | 'iam';
  requestId: string;
}

interface Problem {
  code: string;
  detail: string;
  outcome: 'unchanged' | 'unknown';
}

const answer = await fetch('http://127.0.0.1:3000/password/change', {
  method: 'POST',
  headers: {
    Authorization: `Bearer ${process.env['ACCESS_TOKEN'] ?? ''}`,
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({ currentPassword: 'Correct-Horse-1', newPassword: 'Another-Horse-2' }),
});
const result = (await answer.json()) as Changed | Problem;
if ('code' in result) throw new Error(`${result.code}: ${result.detail} The password is ${result.outcome}.`);
console.log(result.status, result.requestId);
