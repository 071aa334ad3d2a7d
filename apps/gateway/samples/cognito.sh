curl -sS http://127.0.0.1:3000/password/change \
  -H "Authorization: Bearer $ACCESS_TOKEN" \
  -H 'Content-Type: application/json' \
  -d '{"currentPassword":"Correct-Horse-1","newPassword":"Another-Horse-2"}'
