-- Sends the requests of a file in turn, each at most once: a signed request that comes twice is no second change.
local requests = {}
local at = 0

function init(args)
  local text = io.open(args[1], 'rb'):read('*a')
  local first = tonumber(args[2])
  at = first
  local from = 1
  while true do
    local _, to, length = text:find('(%d+)\n', from)
    if not to then break end
    requests[#requests + 1] = text:sub(to + 1, to + tonumber(length))
    from = to + 1 + tonumber(length)
  end
end

function request()
  local request = requests[at % #requests + 1]
  at = at + 1
  return request
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"us":%d,"p50":%d,"p99":%d,"refused":%d,"socket":%d,"timeout":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    failed.status, failed.connect + failed.read + failed.write, failed.timeout))
end
