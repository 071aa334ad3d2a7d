import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

let token = ProcessInfo.processInfo.environment["ACCESS_TOKEN"] ?? ""
var request = URLRequest(url: URL(string: "http://127.0.0.1:3000/password/change")!)
request.httpMethod = "POST"
request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
request.setValue("application/json", forHTTPHeaderField: "Content-Type")
request.httpBody = try JSONEncoder().encode([
    "currentPassword": "Correct-Horse-1", "newPassword": "Another-Horse-2",
])
let (data, answer) = try await URLSession.shared.data(for: request)
print((answer as! HTTPURLResponse).statusCode, String(decoding: data, as: UTF8.self))
