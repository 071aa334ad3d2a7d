import Foundation
#if canImport(CryptoKit)
import CryptoKit
#else
import Crypto  // the package swift-crypto
import FoundationNetworking
#endif

let environment = ProcessInfo.processInfo.environment
let sessionToken = environment["AWS_SESSION_TOKEN"]
let passwords = ["currentPassword": "Battery-Staple-1", "newPassword": "Another-Staple-2"]

func encode(_ text: String) -> String {
    text.utf8.map { byte in
        let character = Character(UnicodeScalar(byte))
        let unreserved = byte < 128 && (character.isLetter || character.isNumber || "-_.~".contains(character))
        return unreserved ? String(character) : String(format: "%%%02X", byte)
    }.joined()
}

func hex(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { String(format: "%02x", $0) }.joined()
}

func sha256(_ text: String) -> String {
    hex(SHA256.hash(data: Data(text.utf8)))
}

func hmac(_ key: Data, _ text: String) -> Data {
    Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: SymmetricKey(data: key)))
}

// What is signed is the request to AWS; the gateway makes the same one from the JSON fields.
let body = "Action=ChangePassword&Version=2010-05-08"
    + "&OldPassword=\(encode(passwords["currentPassword"]!))&NewPassword=\(encode(passwords["newPassword"]!))"
let formatter = DateFormatter()
formatter.locale = Locale(identifier: "en_US_POSIX")
formatter.timeZone = TimeZone(identifier: "UTC")
formatter.dateFormat = "yyyyMMdd'T'HHmmss'Z'"
let date = formatter.string(from: Date())
let scope = [String(date.prefix(8)), "us-east-1", "iam", "aws4_request"]
let names = "content-type;host;x-amz-date" + (sessionToken == nil ? "" : ";x-amz-security-token")
let canonicalRequest = [
    "POST", "/", "",
    "content-type:application/x-www-form-urlencoded; charset=utf-8",
    "host:iam.amazonaws.com",
    "x-amz-date:\(date)",
] + (sessionToken.map { ["x-amz-security-token:\($0)"] } ?? []) + ["", names, sha256(body)]
let key = scope.reduce(Data("AWS4\(environment["AWS_SECRET_ACCESS_KEY"] ?? "")".utf8), hmac)
let toSign = [
    "AWS4-HMAC-SHA256", date, scope.joined(separator: "/"),
    sha256(canonicalRequest.joined(separator: "\n")),
].joined(separator: "\n")
let credential = "\(environment["AWS_ACCESS_KEY_ID"] ?? "")/\(scope.joined(separator: "/"))"

var request = URLRequest(url: URL(string: "http://127.0.0.1:3000/password/change")!)
request.httpMethod = "POST"
request.setValue(
    "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=\(names), Signature=\(hex(hmac(key, toSign)))",
    forHTTPHeaderField: "Authorization")
request.setValue(date, forHTTPHeaderField: "X-Amz-Date")
request.setValue(sessionToken, forHTTPHeaderField: "X-Amz-Security-Token")
request.setValue("application/json", forHTTPHeaderField: "Content-Type")
request.httpBody = try JSONEncoder().encode(passwords)
let (data, answer) = try await URLSession.shared.data(for: request)
print((answer as! HTTPURLResponse).statusCode, String(decoding: data, as: UTF8.self))
