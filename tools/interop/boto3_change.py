"""Changes passwords with boto3: one JSON object per line in, one per line out.

In: {"service": "cognito-idp" | "iam", "client": {arguments of boto3.client}, "config": {arguments of Config}, "input": {arguments of
change_password}}. Nothing of the code knows of the gateway: `client["endpoint_url"]` and `config["proxies"]` lead to it.

Out: {"raised": name of the exception or null, "modelled": whether the client has a class for it, "message": its text}.

Exit code 3: boto3 cannot be imported.
"""

import json
import sys

try:
    import boto3
    from botocore.config import Config
    from botocore.exceptions import ClientError
except ImportError:
    sys.exit(3)


def change(service, client, config, input):
    iam_or_cognito = boto3.client(service, region_name="us-east-1", config=Config(**config), **client)
    try:
        iam_or_cognito.change_password(**input)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        # What `except client.exceptions.X` catches.
        modelled = type(error) is not ClientError
        name = type(error).__name__ if modelled else code
        return {"raised": name, "modelled": modelled, "message": str(error)}
    except Exception as error:
        return {"raised": type(error).__name__, "modelled": False, "message": str(error)}
    return {"raised": None, "modelled": False, "message": ""}


print(json.dumps({"version": boto3.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(change(**json.loads(line))), flush=True)
