import { COMMON } from './common.lua.js';
import { REMEMBER_MS, RUNNING_RETRY_MS } from './ledger.js';

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

local function isAnyNameDoubted()
  for i = 1, #attempt.names do
    local known = readName(KEYS[5 + i])
    if known and (known.state ~= 'unchanged' or known.doubt ~= '') then return true end
  end
  return false
end

local function sameRequest(known)
  if comparesPasswords and known.mismatched and isExhausted() then return exhausted(true) end
  if known.answer then return reply({ kind = 'replay', answer = known.answer, doubt = known.doubt }) end
  if known.leaseUntil > now then return refused('request_in_progress', true, ${RUNNING_RETRY_MS}) end
  return refused('outcome_unresolved', true)
end

local function otherRequest(name, key, known)
  if comparesPasswords then
    local inDoubt = isAnyNameDoubted() or sameChangeDoubted
    known.mismatched = true
    saveName(key, known)
    if isExhausted() then return exhausted(true) end
    charge(attempt.id)
    return refused('idempotency_key_reused', inDoubt)
  end
  if known.state == 'running' and known.leaseUntil > now then
    return refused('request_in_progress', true, ${RUNNING_RETRY_MS})
  end
  local isTrusted = trusted(attempt)
  local inDoubt = isAnyNameDoubted() or not isTrusted
  if name.kind == 'key' then return refused('idempotency_key_reused', inDoubt) end
  if name.onceProven and not isTrusted then return nil end
  if inDoubt then return refused('outcome_unresolved', true) end
  return nil
end

local function isInDoubt()
  return attempt.proven and doubtFreely()
end

local hasRoom = true

local function judge()
  local new = {}
  for i, name in ipairs(attempt.names) do
    local key = KEYS[5 + i]
    local known = readName(key)
    if known then
      local decision
      if known.binding == name.binding then decision = sameRequest(known) else decision = otherRequest(name, key, known) end
      if decision then return decision end
    else
      new[#new + 1] = name.kind
    end
  end

  if not attempt.mayRun then return refused('not_admitted', isInDoubt()) end

  local isTrusted = trusted(attempt)
  hasRoom = hasRoomFor(#new, attempt)
  if not hasRoom then
    local code = nil
    for _, kind in ipairs(new) do
      if kind == 'key' then code = 'idempotency_unavailable' end
      if kind == 'signature' and not code then code = 'rate_limited' end
    end
    if code then
      if not isTrusted then return refused(code, isInDoubt(), ${RUNNING_RETRY_MS}) end
      local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
      return refused(code, isInDoubt(), first[2] - now)
    end
  end

  if rules.points > 0 then
    local points = isTrusted and redis.call('ZCARD', KEYS[3]) or 0
    if points >= rules.points then return exhausted(isInDoubt()) end
    for _, other in pairs(attempts) do
      local isBeside
      if isTrusted then isBeside = trusted(other) else isBeside = other.network == attempt.network end
      if isBeside and other.state == 'running' and other.leaseUntil > now then points = points + 1 end
    end
    if points >= rules.points then return refused('rate_limited', not isTrusted or isInDoubt(), ${RUNNING_RETRY_MS}) end
  end
end

if attempt.runs and attempts[attempt.id] then return reply({ kind = 'run', trusted = trusted(attempt) }) end
local refusal = not attempt.runs and judge()
if refusal then return refusal end

local leaseUntil = now + rules.leaseMs
local remembered = {}
if hasRoom then
  for i, name in ipairs(attempt.names) do
    local isTaken = attempt.runs and readName(KEYS[5 + i])
    if not name.onceProven and not isTaken then
      remembered[#remembered + 1] = KEYS[5 + i]
      saveName(KEYS[5 + i], {
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
return reply({ kind = 'run', trusted = trusted(attempt) })`;
