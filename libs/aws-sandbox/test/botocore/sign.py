"""Prints requests that botocore signed, as JSON, for botocore.spec.ts.

Two kinds: the low-level signer (botocore.auth.SigV4Auth) with the IAM host in the URL, as the callers of the gateway
sign, and a high-level client (boto3 iam.change_password) caught at a loopback port. Strings hold one byte per
character (latin1), as they stand on the wire.

Exit code 3: botocore and boto3 cannot be imported.
"""

import base64
import hashlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import quote, urlencode, urlsplit

try:
    import boto3
    import botocore
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.config import Config
    from botocore.credentials import Credentials
except ImportError:
    sys.exit(3)

LONG_TERM = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None)
TEMPORARY = (
    "ASIAIOSFODNN7EXAMPLE",
    "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
    "IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==",
)
PASSWORDS = [
    "two  words", "a+b", "a&Action=DeleteUser", "100%", "til~de", "st*r", "über", "tab\tbed", "a=b", "a/b", "it's",
    'say "x"', "ünïcödé ÿ", "%41%00", "!()[]{}<>?;:@#$^|\\`,",
]
FORM = "application/x-www-form-urlencoded; charset=utf-8"
ANSWER = (
    b'<ChangePasswordResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>'
    b"<RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></ChangePasswordResponse>"
)


def fields(password):
    return {"Action": "ChangePassword", "Version": "2010-05-08", "OldPassword": "old", "NewPassword": password}


def rfc3986(password):
    return "&".join(f"{name}={quote(value, safe='-_.~')}" for name, value in fields(password).items())


def case(name, key, method, target, headers, body):
    access_key_id, secret_access_key, session_token = key
    return {
        "name": name,
        "accessKeyId": access_key_id,
        "secretAccessKey": secret_access_key,
        "sessionToken": session_token,
        "method": method,
        "target": target,
        "headers": headers,
        "bodyBase64": base64.b64encode(body).decode(),
    }


def low_level(name, key, body=b"", method="POST", path="/", headers=(("Content-Type", FORM),)):
    request = AWSRequest(method=method, url=f"https://iam.amazonaws.com{path}", data=body)
    for header, value in headers:
        request.headers.add_header(header, value)
    SigV4Auth(Credentials(*key), "iam", "us-east-1").add_auth(request)
    url = urlsplit(request.prepare().url)
    target = url.path + (f"?{url.query}" if url.query else "")
    wire = [["Host", url.netloc], *([header, value.encode().decode("latin1")] for header, value in request.headers.items())]
    return case(f"SigV4Auth, {name}", key, method, target, wire, body)


class Catcher(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = [[header, value] for header, value in self.headers.items()]
        self.server.caught.append((self.command, self.path, headers, body))
        self.send_response(200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(ANSWER)))
        self.end_headers()
        self.wfile.write(ANSWER)

    def log_message(self, *_):
        pass


def high_level(calls):
    server = HTTPServer(("127.0.0.1", 0), Catcher)
    server.caught = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for name, key, password in calls:
        client = boto3.client(
            "iam",
            region_name="us-east-1",
            endpoint_url=f"http://127.0.0.1:{server.server_port}",
            aws_access_key_id=key[0],
            aws_secret_access_key=key[1],
            aws_session_token=key[2],
            config=Config(proxies={}, retries={"total_max_attempts": 1}),
        )
        client.change_password(OldPassword="old", NewPassword=password)
        yield case(f"iam.change_password, {name}", key, *server.caught.pop())
    server.shutdown()


def cases():
    for password in PASSWORDS:
        yield low_level(f"password {json.dumps(password, ensure_ascii=False)}", LONG_TERM, rfc3986(password).encode())
    form = rfc3986("new password").encode()
    yield low_level("+ for a space", LONG_TERM, urlencode(fields("new password")).encode())
    yield low_level("session token", TEMPORARY, form)
    yield low_level("without a body", LONG_TERM, method="GET", headers=())
    yield low_level(
        "X-Amz-Content-SHA256",
        LONG_TERM,
        form,
        headers=[("Content-Type", FORM), ("X-Amz-Content-SHA256", hashlib.sha256(form).hexdigest())],
    )
    yield low_level("white space in a header", LONG_TERM, form, headers=[("Content-Type", FORM), ("X-Note", 'a  "b \t c"   d')])
    yield low_level(
        "UTF-8 in a header", LONG_TERM, form, headers=[("Content-Type", FORM), ("X-Note", "über voilà ሴ")]
    )
    yield low_level(
        "a header in three lines",
        LONG_TERM,
        form,
        headers=[("Content-Type", FORM), ("X-Note", "z"), ("X-Note", "a, b"), ("X-Note", "y")],
    )
    yield low_level("odd path", LONG_TERM, form, path="/a%20b//%C3%BC/./c+d/../e*f/")
    odd = "&".join(f"p={quote(password, safe='-_.~')}" for password in PASSWORDS)
    yield low_level("odd query", LONG_TERM, form, path=f"/?{odd}&b=&a-=2&a=1&A=~")
    yield from high_level(
        [
            *((f"password {json.dumps(password, ensure_ascii=False)}", LONG_TERM, password) for password in PASSWORDS),
            ("session token", TEMPORARY, "new password"),
        ]
    )


print(json.dumps({"botocore": botocore.__version__, "cases": list(cases())}))
