import { COMMON } from './common.lua.js';
import { CHANGED_MS, REMEMBER_MS } from './ledger.js';

/** `end`: notes how an attempt has ended, and returns what speaks against telling it. */
export const END = `${COMMON}
local ending = cjson.decode(ARGV[3])
local noted = attempts[attempt.id]
local startedAt = noted and noted.startedAt or now - ending.ranMs

local function doubtAbout()
  if ending.told then return ending.told end
  if ending.state ~= 'unchanged' or not (ending.proven or attempt.proven) then return '' end
  if not ending.judged then return doubtFreely() and 'unknown' or '' end
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

if ending.proven and not attempt.proven then
  -- Each renewal has a later end, so the first in the set was proven longest ago.
  addTo(KEYS[4], attempt.network, now + ${REMEMBER_MS})
  redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -rules.bounds.networks - 1)
end

dropAttempt(attempt.id)
if ending.state == 'changed' then
  for id, other in pairs(attempts) do
    local isOver = other.state ~= 'running' or other.leaseUntil <= now
    if other.change == attempt.change and isOver and trusted(other) then dropAttempt(id) end
  end
end
if ending.state ~= 'unchanged' then
  local names = {}
  for i, name in ipairs(attempt.names) do
    if ending.proven or not name.onceProven then names[#names + 1] = KEYS[5 + i] end
  end
  saveAttempt(attempt.id, {
    state = ending.state, requestId = attempt.requestId, change = attempt.change, current = attempt.current,
    network = attempt.network, proven = attempt.proven or ending.proven, startedAt = startedAt, leaseUntil = now,
    endedAt = now, expiresAt = now + (ending.state == 'changed' and ${CHANGED_MS} or ${REMEMBER_MS}),
    names = table.concat(names, ' ')
  })
end

local hadRoom = noted and noted.names ~= ''
for i, name in ipairs(attempt.names) do
  local key = KEYS[5 + i]
  local known = readName(key)
  local isOwn = not known or known.attempt == attempt.id
  local from = { proven = attempt.proven or ending.proven, network = attempt.network }
  local hasRoom = known or hadRoom or hasRoomFor(1, from)
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

local function forget(id)
  for key in string.gmatch(attempts[id].names, '%S+') do
    local known = readName(key)
    if known and known.attempt == id then dropName(key) end
  end
  dropAttempt(id)
end

local function isOlder(id, otherId)
  local one, other = attempts[id].startedAt, attempts[otherId].startedAt
  if one == other then return id < otherId end
  return one < other
end

if redis.call('HLEN', KEYS[1]) > rules.bounds.outcomes then
  for _, isTrusted in ipairs({ true, false }) do
    local outcomes = {}
    for id, other in pairs(attempts) do
      if other.leaseUntil <= now and trusted(other) == isTrusted then outcomes[#outcomes + 1] = id end
    end
    table.sort(outcomes, isOlder)
    for i = 1, #outcomes - rules.bounds.outcomes do forget(outcomes[i]) end
  end
end
return reply({ doubt = doubt })`;
