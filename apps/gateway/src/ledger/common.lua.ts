/**
 * The protocol of begin.ts and end.ts for Redis: one script for each operation, and each script is one atomic step. All keys of
 * a caller share a hash tag, so that a script has all of them on one node of a cluster. What both scripts start with is here.
 *
 * KEYS: 1 attempts (hash: id to JSON), 2 names (sorted set: key of the name by the end of its time), 3 charged points (sorted
 * set: id by the end of its time), 4 networks (sorted set: network by the end of its time), 5 comparisons that cost nothing
 * (sorted set: id by the end of its time), 6 and on: one for each name of the attempt (string: JSON). ARGV: 1 the attempt, 2 the rules, 3 the ending, all JSON. All times are those of Redis, in
 * milliseconds since 1970, because it is the one clock that replicas share.
 */
export const COMMON = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local attempt = cjson.decode(ARGV[1])
local rules = cjson.decode(ARGV[2])

for i = 2, 5 do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now) end

local attempts = {}
local all = redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local entry = cjson.decode(all[i + 1])
  if entry.expiresAt <= now then redis.call('HDEL', KEYS[1], all[i]) else attempts[all[i]] = entry end
end

local function saveAttempt(id, entry)
  attempts[id] = entry
  redis.call('HSET', KEYS[1], id, cjson.encode(entry))
  if redis.call('PTTL', KEYS[1]) < entry.expiresAt - now then redis.call('PEXPIREAT', KEYS[1], entry.expiresAt) end
end

local function dropAttempt(id)
  attempts[id] = nil
  redis.call('HDEL', KEYS[1], id)
end

local function addTo(set, member, expiresAt)
  redis.call('ZADD', set, expiresAt, member)
  if redis.call('PTTL', set) < expiresAt - now then redis.call('PEXPIREAT', set, expiresAt) end
end

local function readName(key)
  local found = redis.call('GET', key)
  if not found then return nil end
  local known = cjson.decode(found)
  if known.expiresAt <= now then return nil end
  return known
end

local function saveName(key, known)
  redis.call('SET', key, cjson.encode(known), 'PXAT', known.expiresAt)
  addTo(KEYS[2], key, known.expiresAt)
end

local function dropName(key)
  redis.call('DEL', key)
  redis.call('ZREM', KEYS[2], key)
end

local function trusted(from)
  return from.proven or redis.call('ZSCORE', KEYS[4], from.network) ~= false
end

local function hasRoomFor(count, from)
  local all = redis.call('ZCARD', KEYS[2])
  if all + count <= rules.bounds.names then return true end
  local isTrusted = trusted(from)
  local strange = 0
  for _, other in pairs(attempts) do
    if not trusted(other) and (isTrusted or other.network == from.network) then
      for _ in string.gmatch(other.names, '%S+') do strange = strange + 1 end
    end
  end
  local used = isTrusted and all - strange or strange
  return math.max(0, used) + count <= rules.bounds.names
end

local function doubtFreely()
  local any, same = false, false
  for id, other in pairs(attempts) do
    if id ~= attempt.id then
      any = true
      if other.change == attempt.change then same = true end
    end
  end
  if not any then return false end
  if rules.points > 0 then
    if redis.call('ZCARD', KEYS[5]) >= rules.points then return true end
    addTo(KEYS[5], attempt.id, now + rules.limitMs)
  end
  return same
end

local function charge(id)
  if rules.points > 0 then addTo(KEYS[3], id, now + rules.limitMs) end
end

local function charged()
  local ends = redis.call('ZRANGE', KEYS[3], 0, -1, 'WITHSCORES')
  if #ends == 0 or not trusted(attempt) then return { points = 0, firstMs = 0, lastMs = 0 } end
  return { points = #ends / 2, firstMs = ends[2] - now, lastMs = ends[#ends] - now }
end

local function reply(answer)
  answer.charged = charged()
  answer.now = now
  return cjson.encode(answer)
end
`;
