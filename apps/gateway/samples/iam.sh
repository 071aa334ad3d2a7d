# Needs openssl, which is given keys as arguments: other users of this machine can see them while it runs.
current='Battery-Staple-1' new='Another-Staple-2'

encode() { # percent-encoding of RFC 3986
  printf %s "$1" | od -An -v -tx1 | tr -s ' ' '\n' | while read -r byte; do
    case $byte in
      '') ;;
      2[de] | 3[0-9] | 4[1-9a-f] | 5[0-9af] | 6[1-9a-f] | 7[0-9ae]) printf "\\$(printf %03o "0x$byte")" ;;
      *) printf %%%s "$byte" | tr a-f A-F ;;
    esac
  done
}
hex() { od -An -v -tx1 | tr -d ' \n'; }
sha256() { printf %s "$1" | openssl dgst -sha256 -r | cut -d' ' -f1; }
hmac() { printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -r | cut -d' ' -f1; }
json() { printf '"%s"' "$(printf %s "$1" | sed 's/[\\"]/\\&/g')"; }

# What is signed is the request to AWS; the gateway makes the same one from the JSON fields.
body="Action=ChangePassword&Version=2010-05-08&OldPassword=$(encode "$current")&NewPassword=$(encode "$new")"
date=$(date -u +%Y%m%dT%H%M%SZ)
scope=${date%T*}/us-east-1/iam/aws4_request
token=${AWS_SESSION_TOKEN:+x-amz-security-token:$AWS_SESSION_TOKEN
}
names="content-type;host;x-amz-date${AWS_SESSION_TOKEN:+;x-amz-security-token}"
request="POST
/

content-type:application/x-www-form-urlencoded; charset=utf-8
host:iam.amazonaws.com
x-amz-date:$date
$token
$names
$(sha256 "$body")"

key=$(printf %s "AWS4$AWS_SECRET_ACCESS_KEY" | hex)
for part in "${date%T*}" us-east-1 iam aws4_request; do key=$(hmac "$key" "$part"); done
signature=$(hmac "$key" "AWS4-HMAC-SHA256
$date
$scope
$(sha256 "$request")")

curl -sS http://127.0.0.1:3000/password/change \
  -H "Authorization: AWS4-HMAC-SHA256 Credential=$AWS_ACCESS_KEY_ID/$scope, SignedHeaders=$names, Signature=$signature" \
  -H "X-Amz-Date: $date" \
  ${AWS_SESSION_TOKEN:+-H "X-Amz-Security-Token: $AWS_SESSION_TOKEN"} \
  -H 'Content-Type: application/json' \
  -d "{\"currentPassword\":$(json "$current"),\"newPassword\":$(json "$new")}"
