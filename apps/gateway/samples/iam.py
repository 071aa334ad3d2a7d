import json, os
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

current, new = "Battery-Staple-1", "Another-Staple-2"


def encode(text):
    return quote(text, safe="-_.~")


# What is signed is the request to AWS; the gateway makes the same one from the JSON fields.
to_aws = AWSRequest(
    "POST",
    "https://iam.amazonaws.com/",
    headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"},
    data="Action=ChangePassword&Version=2010-05-08"
    f"&OldPassword={encode(current)}&NewPassword={encode(new)}",
)
credentials = Credentials(
    os.environ["AWS_ACCESS_KEY_ID"],
    os.environ["AWS_SECRET_ACCESS_KEY"],
    os.environ.get("AWS_SESSION_TOKEN"),
)
SigV4Auth(credentials, "iam", "us-east-1").add_auth(to_aws)

names = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token")
headers = {name: to_aws.headers[name] for name in names if name in to_aws.headers}
request = Request(
    "http://127.0.0.1:3000/password/change",
    data=json.dumps({"currentPassword": current, "newPassword": new}).encode(),
    headers={**headers, "Content-Type": "application/json"},
)
try:
    answer = urlopen(request)
except HTTPError as problem:
    answer = problem
print(answer.status, answer.read().decode())
