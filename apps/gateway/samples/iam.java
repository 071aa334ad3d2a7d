import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

class ChangeIamPassword {
    public static void main(String[] arguments) throws Exception {
        var current = "Battery-Staple-1";
        var changed = "Another-Staple-2";
        var token = System.getenv("AWS_SESSION_TOKEN");

        // What is signed is the request to AWS; the gateway makes the same one from the JSON fields.
        var body = "Action=ChangePassword&Version=2010-05-08&OldPassword=" + encode(current)
            + "&NewPassword=" + encode(changed);
        var date = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").format(ZonedDateTime.now(ZoneOffset.UTC));
        var day = date.substring(0, 8);
        var scope = day + "/us-east-1/iam/aws4_request";
        var names = "content-type;host;x-amz-date" + (token == null ? "" : ";x-amz-security-token");
        var request = "POST\n/\n\n"
            + "content-type:application/x-www-form-urlencoded; charset=utf-8\n"
            + "host:iam.amazonaws.com\n"
            + "x-amz-date:" + date + "\n"
            + (token == null ? "" : "x-amz-security-token:" + token + "\n")
            + "\n" + names + "\n" + sha256(body);
        var key = ("AWS4" + System.getenv("AWS_SECRET_ACCESS_KEY")).getBytes(UTF_8);
        for (var part : new String[] {day, "us-east-1", "iam", "aws4_request"}) key = hmac(key, part);
        var signature = HexFormat.of().formatHex(
            hmac(key, "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(request)));

        var change = HttpRequest.newBuilder(URI.create("http://127.0.0.1:3000/password/change"))
            .header("Authorization", "AWS4-HMAC-SHA256 Credential=" + System.getenv("AWS_ACCESS_KEY_ID") + "/"
                + scope + ", SignedHeaders=" + names + ", Signature=" + signature)
            .header("X-Amz-Date", date)
            .header("Content-Type", "application/json")
            // A JSON library escapes passwords that hold quotes or backslashes.
            .POST(HttpRequest.BodyPublishers.ofString(
                "{\"currentPassword\":\"" + current + "\",\"newPassword\":\"" + changed + "\"}"));
        if (token != null) change.header("X-Amz-Security-Token", token);
        var answer = HttpClient.newHttpClient().send(change.build(), HttpResponse.BodyHandlers.ofString());
        System.out.println(answer.statusCode() + " " + answer.body());
    }

    /** Percent-encoding of RFC 3986, which differs from URLEncoder's in three characters. */
    static String encode(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }

    static String sha256(String text) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    static byte[] hmac(byte[] key, String text) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }
}
