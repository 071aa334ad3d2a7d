import { CHANGED_MS, MAX_NAMES, MAX_OUTCOMES, REMEMBER_MS, RUNNING_RETRY_MS } from './ledger.js';

/**
 * The protocol of protocol.ts for Redis: one script for each operation, and each script is one atomic step. All keys of a
 * caller share a hash tag, so that a script has all of them on one node of a cluster.
 *
 * KEYS: 1 attempts (hash: id to JSON), 2 names (sorted set: key of the name by the end of its time), 3 charged points (sorted
 * set: id by the end of its time), 4 networks (sorted set: network by the end of its time), 5 and on: one for each name of
 * the attempt (string: JSON). ARGV: 1 the attempt, 2 the rules, 3 the ending, all JSON. All times are those of Redis, in
 * milliseconds since 1970, because it is the one clock that replicas share.
 */
const COMMON = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local attempt = cjson.decode(ARGV[1])
local rules = cjson.decode(ARGV[2])

for i = 2, 4 do redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now) end

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

local function trusted(proven, network)
  return proven or redis.call('ZSCORE', KEYS[4], network) ~= false
end

local function charge(id)
  if rules.points > 0 then addTo(KEYS[3], id, now + rules.limitMs) end
end

local function charged()
  local ends = redis.call('ZRANGE', KEYS[3], 0, -1, 'WITHSCORES')
  if #ends == 0 or not trusted(attempt.proven, attempt.network) then return { points = 0, firstMs = 0, lastMs = 0 } end
  return { points = #ends / 2, firstMs = ends[2] - now, lastMs = ends[#ends] - now }
end

local function reply(answer)
  answer.charged = charged()
  answer.now = now
  return cjson.encode(answer)
end
`;

/** `begin`: judges an attempt, and notes it as running if it may run. Redis 6.2 or newer, for PXAT. */
export const BEGIN = `${COMMON}
local function refused(code, inDoubt, retryAfterMs)
  return reply({ kind = 'refused', code = code, inDoubt = inDoubt, retryAfterMs = retryAfterMs or 0 })
end

local sameChangeDoubted = false
if attempt.proven then
  for _, other in pairs(attempts) do
    if other.change == attempt.change then sameChangeDoubted = true end
  end
end

local comparesPasswords = true
for _, name in ipairs(attempt.names) do
  if name.kind == 'signature' then comparesPasswords = false end
end

local function isExhausted()
  return rules.points > 0 and redis.call('ZCARD', KEYS[3]) >= rules.points
end

local function exhausted(inDoubt)
  local last = redis.call('ZRANGE', KEYS[3], -rules.points, -rules.points, 'WITHSCORES')
  return refused('rate_limited', inDoubt, last[2] - now)
end

local function sameRequest(known)
  if comparesPasswords and known.mismatched and isExhausted() then return exhausted(true) end
  if known.answer then return reply({ kind = 'replay', answer = known.answer, doubt = known.doubt }) end
  if known.leaseUntil > now then return refused('request_in_progress', true, ${RUNNING_RETRY_MS}) end
  return refused('outcome_unresolved', true)
end

local function otherRequest(name, key, known)
  if comparesPasswords then
    local inDoubt = known.state ~= 'unchanged' or sameChangeDoubted
    known.mismatched = true
    saveName(key, known)
    if isExhausted() then return exhausted(true) end
    charge(attempt.id)
    return refused('idempotency_key_reused', inDoubt)
  end
  if known.state == 'running' and known.leaseUntil > now then
    return refused('request_in_progress', true, ${RUNNING_RETRY_MS})
  end
  local isTrusted = trusted(attempt.proven, attempt.network)
  local inDoubt = known.state ~= 'unchanged' or not isTrusted
  if name.kind == 'key' then return refused('idempotency_key_reused', inDoubt) end
  if name.onceProven and not isTrusted then return nil end
  if inDoubt then return refused('outcome_unresolved', true) end
  return nil
end

local new = {}
for i, name in ipairs(attempt.names) do
  local key = KEYS[4 + i]
  local known = readName(key)
  if known then
    local decision
    if known.binding == name.binding then decision = sameRequest(known) else decision = otherRequest(name, key, known) end
    if decision then return decision end
  else
    new[#new + 1] = name.kind
  end
end

local inDoubt = attempt.proven and next(attempts) ~= nil
if not attempt.mayRun then return refused('not_admitted', inDoubt) end

local named = redis.call('ZCARD', KEYS[2]) + #new
local hasRoom = named <= ${MAX_NAMES} or not trusted(attempt.proven, attempt.network)
if not hasRoom then
  for _, other in pairs(attempts) do
    if not trusted(other.proven, other.network) then
      for _ in string.gmatch(other.names, '%S+') do named = named - 1 end
    end
  end
  hasRoom = named <= ${MAX_NAMES}
end
if not hasRoom then
  local code = nil
  for _, kind in ipairs(new) do
    if kind == 'key' then code = 'idempotency_unavailable' end
    if kind == 'signature' and not code then code = 'rate_limited' end
  end
  if code then
    local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
    return refused(code, inDoubt, first[2] - now)
  end
end

if rules.points > 0 then
  local points = 0
  if trusted(attempt.proven, attempt.network) then points = redis.call('ZCARD', KEYS[3]) end
  if points >= rules.points then return exhausted(inDoubt) end
  for _, other in pairs(attempts) do
    if other.network == attempt.network and other.state == 'running' and other.leaseUntil > now then points = points + 1 end
  end
  if points >= rules.points then return refused('rate_limited', inDoubt, ${RUNNING_RETRY_MS}) end
end

local leaseUntil = now + rules.leaseMs
local remembered = {}
if hasRoom then
  for i, name in ipairs(attempt.names) do
    if not name.onceProven then
      remembered[#remembered + 1] = KEYS[4 + i]
      saveName(KEYS[4 + i], {
        attempt = attempt.id, binding = name.binding, leaseUntil = leaseUntil,
        expiresAt = now + math.max(name.keepMs, rules.leaseMs), mismatched = false, doubt = '', state = 'running'
      })
    end
  end
end
saveAttempt(attempt.id, {
  state = 'running', requestId = attempt.requestId, change = attempt.change, current = attempt.current,
  network = attempt.network, proven = attempt.proven, startedAt = now, leaseUntil = leaseUntil, endedAt = 0,
  expiresAt = now + math.max(${REMEMBER_MS}, rules.leaseMs), names = table.concat(remembered, ' ')
})
return reply({ kind = 'run' })`;

/** `end`: notes how an attempt has ended, and returns what speaks against telling it. */
export const END = `${COMMON}
local ending = cjson.decode(ARGV[3])
local noted = attempts[attempt.id]
local startedAt = noted and noted.startedAt or now - ending.ranMs

local function doubtAbout()
  if ending.told then return ending.told end
  if ending.state ~= 'unchanged' or not (ending.proven or attempt.proven) then return '' end
  local done, same, suspect
  for id, other in pairs(attempts) do
    if id ~= attempt.id then
      if other.change == attempt.change then
        same = true
        if other.state == 'changed' and (not done or other.endedAt > done.endedAt) then done = other end
      end
      if other.current == attempt.current and (other.state ~= 'changed' or other.endedAt >= startedAt) then suspect = true end
    end
  end
  if not ending.incorrect then return same and 'unknown' or '' end
  if done then return 'changed ' .. string.format('%.0f', done.endedAt) .. ' ' .. done.requestId end
  return suspect and 'unknown' or ''
end

local doubt = doubtAbout()

dropAttempt(attempt.id)
if ending.state == 'changed' then
  for id, other in pairs(attempts) do
    local isOver = other.state ~= 'running' or other.leaseUntil <= now
    if other.change == attempt.change and isOver then dropAttempt(id) end
  end
end
if ending.state ~= 'unchanged' then
  local names = {}
  for i, name in ipairs(attempt.names) do
    if ending.proven or not name.onceProven then names[#names + 1] = KEYS[4 + i] end
  end
  saveAttempt(attempt.id, {
    state = ending.state, requestId = attempt.requestId, change = attempt.change, current = attempt.current,
    network = attempt.network, proven = attempt.proven or ending.proven, startedAt = startedAt, leaseUntil = now,
    endedAt = now, expiresAt = now + (ending.state == 'changed' and ${CHANGED_MS} or ${REMEMBER_MS}),
    names = table.concat(names, ' ')
  })
end

for i, name in ipairs(attempt.names) do
  local key = KEYS[4 + i]
  local known = readName(key)
  local isOwn = not known or known.attempt == attempt.id
  local hasRoom = known or redis.call('ZCARD', KEYS[2]) < ${MAX_NAMES}
  if isOwn and hasRoom and (ending.proven or not name.onceProven) then
    if ending.kept then
      saveName(key, {
        attempt = attempt.id, binding = name.binding, leaseUntil = now, expiresAt = now + name.keepMs,
        mismatched = known and known.mismatched or false, answer = ending.answer, doubt = doubt, state = ending.state
      })
    elseif not (known and known.answer) or ending.told then
      dropName(key)
    end
  end
end

if ending.charged and string.sub(doubt, 1, 7) ~= 'changed' then charge(attempt.id) end
if ending.proven and not attempt.proven then addTo(KEYS[4], attempt.network, now + ${REMEMBER_MS}) end

local ended = {}
for id, other in pairs(attempts) do
  if other.leaseUntil <= now then ended[#ended + 1] = { id = id, other = other } end
end
while #ended > ${MAX_OUTCOMES} do
  local oldest, oldestTrusted
  for i, entry in ipairs(ended) do
    local candidate = trusted(entry.other.proven, entry.other.network)
    local better = not oldest or (oldestTrusted and not candidate)
      or (oldestTrusted == candidate and entry.other.startedAt < ended[oldest].other.startedAt)
    if better then oldest, oldestTrusted = i, candidate end
  end
  for key in string.gmatch(ended[oldest].other.names, '%S+') do
    local known = readName(key)
    if known and known.attempt == ended[oldest].id then dropName(key) end
  end
  dropAttempt(ended[oldest].id)
  table.remove(ended, oldest)
end
return reply({ doubt = doubt })`;
