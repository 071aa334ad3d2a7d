"""Signs IAM ChangePassword requests with botocore's low-level signer, as a Python caller of the gateway does.

Reads a JSON list of requests (keys and passwords) from standard input, prints the headers of each as JSON.

Exit code 3: botocore cannot be imported.
"""

import json
import sys
from urllib.parse import quote

try:
    import botocore
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    sys.exit(3)

FORM = "application/x-www-form-urlencoded; charset=utf-8"


def sign(accessKeyId, secretAccessKey, currentPassword, newPassword, sessionToken=None):
    body = (
        "Action=ChangePassword&Version=2010-05-08"
        f"&OldPassword={quote(currentPassword, safe='-_.~')}&NewPassword={quote(newPassword, safe='-_.~')}"
    )
    request = AWSRequest(
        method="POST", url="https://iam.amazonaws.com/", data=body, headers={"Content-Type": FORM}
    )
    SigV4Auth(Credentials(accessKeyId, secretAccessKey, sessionToken), "iam", "us-east-1").add_auth(request)
    return {name: request.headers[name] for name in request.headers if name != "Content-Type"}


print(json.dumps({"botocore": botocore.__version__, "headers": [sign(**request) for request in json.load(sys.stdin)]}))
