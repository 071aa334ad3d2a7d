import json, os
from urllib.error import HTTPError
from urllib.request import Request, urlopen

request = Request(
    "http://127.0.0.1:3000/password/change",
    data=json.dumps({"currentPassword": "Correct-Horse-1", "newPassword": "Another-Horse-2"}).encode(),
    headers={
        "Authorization": f"Bearer {os.environ['ACCESS_TOKEN']}",
        "Content-Type": "application/json",
    },
)
try:
    answer = urlopen(request)
except HTTPError as problem:
    answer = problem
print(answer.status, answer.read().decode())
