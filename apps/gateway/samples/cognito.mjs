const answer = await fetch('http://127.0.0.1:3000/password/change', {
  method: 'POST',
  headers: {
    Authorization: `Bearer ${process.env.ACCESS_TOKEN}`,
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({ currentPassword: 'Correct-Horse-1', newPassword: 'Another-Horse-2' }),
});
console.log(answer.status, await answer.text());
