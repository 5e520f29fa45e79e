// What has to be atomic, in Redis's own language. All keys of a script share a hash tag, so that a cluster keeps them
// on one node. Times are Redis's own, so that instances need not agree on one.

/** The moment in milliseconds since the epoch, and what all scripts say about numbers. */
const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function whole(number) return string.format('%.0f', number) end
`;

/**
 * A sliding window is a hash: 't' its total, 'o' and 'n' its oldest and newest bucket, and each bucket by its number:
 * what was counted in it and when last. Entries share buckets of a sixtieth of the window.
 */
const WINDOWS = `
local function bucketOf(key, index)
  local text = redis.call('HGET', key, index)
  if not text then return nil end
  local amount, last = string.match(text, '^(%S+) (%S+)$')
  return tonumber(amount), tonumber(last)
end

local function forget(key, windowMs)
  local head = redis.call('HMGET', key, 't', 'o', 'n')
  if not head[1] then return 0 end
  local total, oldest, newest = tonumber(head[1]), tonumber(head[2]), tonumber(head[3])
  local size = windowMs / 60
  -- A clock that was set back by more than the window would hold everything back until it has caught up.
  if newest > math.floor((now + windowMs) / size) then redis.call('DEL', key) return 0 end
  local first = oldest
  while oldest <= newest do
    local amount, last = bucketOf(key, oldest)
    if amount then
      if last + windowMs > now then break end
      total = total - amount
      redis.call('HDEL', key, oldest)
    end
    oldest = oldest + 1
  end
  if oldest > newest then redis.call('DEL', key) return 0 end
  if oldest > first then redis.call('HSET', key, 't', whole(total), 'o', oldest) end
  return total
end

local function count(key, windowMs, by, at)
  local size = windowMs / 60
  local index = math.floor(at / size)
  local total = forget(key, windowMs)
  local head = redis.call('HMGET', key, 'o', 'n')
  local oldest, newest = tonumber(head[1] or index), tonumber(head[2] or index)
  -- A clock that was set back a little counts into the newest bucket there is.
  if at == now and index < newest then index = newest end
  local amount, last = bucketOf(key, index)
  amount, last = amount or 0, math.max(last or at, at)
  if by < -amount then by = -amount end
  redis.call('HSET', key, index, whole(amount + by) .. ' ' .. whole(last), 't', whole(total + by), 'o', math.min(oldest, index), 'n', math.max(newest, index))
  redis.call('PEXPIRE', key, math.ceil(windowMs + size))
  return total + by
end

local function waitFor(key, windowMs, wanted, limit)
  local excess = forget(key, windowMs) + wanted - limit
  local head = redis.call('HMGET', key, 'o', 'n')
  if not head[1] then return -1 end
  for index = tonumber(head[1]), tonumber(head[2]) do
    local amount, last = bucketOf(key, index)
    if amount then
      excess = excess - amount
      if excess <= 0 then return math.ceil(last + windowMs - now) end
    end
  end
  return -1
end
`;

/** A counter whose time is said to be over already is kept for a day: whoever says so goes by another clock. */
const SUMS = `
local function addToSum(key, by, expiresAt)
  if by == 0 then return tonumber(redis.call('GET', key) or '0') end
  local sum = redis.call('INCRBY', key, whole(by))
  if sum <= 0 then redis.call('DEL', key) return 0 end
  if expiresAt > 0 then redis.call('PEXPIREAT', key, whole(expiresAt > now and expiresAt or now + 86400000)) end
  return sum
end
`;

/**
 * Holds are records in a hash for each process, by the name of their reservation: which counters, and how much.
 * Processes give signs of life in a sorted set; whose time is up is dead, and what it held is given back.
 */
const HOLDS = `
local function giveBack(record)
  for _, entry in ipairs(cjson.decode(record)) do addToSum(entry[1], -tonumber(entry[2]), tonumber(entry[3])) end
end

local function endHold(holder, name)
  local record = redis.call('HGET', holder, name)
  if not record then return end
  redis.call('HDEL', holder, name)
  giveBack(record)
end

-- Some at a time, so that no call waits for the whole estate.
local function buryDead(processes)
  local dead = redis.call('ZRANGEBYSCORE', processes, '-inf', whole(now), 'LIMIT', 0, 1)[1]
  if not dead then return end
  local found = redis.call('HSCAN', dead, 0, 'COUNT', 200)[2]
  for index = 1, #found, 2 do endHold(dead, found[index]) end
  if redis.call('EXISTS', dead) == 0 then redis.call('ZREM', processes, dead) end
end
`;

/**
 * KEYS: the processes, the holds of this one, and the counter of each claim.
 * ARGV: the lease in ms, the reservation's name, its record or '', and for each claim amount, limit, window or 0,
 * expiry or 0, and the least that its counter can be, or 0.
 * Answers 1, the moment and the totals; or 0, the refused claim, its total and the wait or -1.
 */
const RESERVE = `
local function reserve()
buryDead(KEYS[1])
local totals, wanted, refused, longest = {}, {}, nil, -1
for index = 1, #KEYS - 2 do
  local key, place = KEYS[index + 2], index * 5 - 1
  local forgotten = tonumber(ARGV[place + 4]) - (ARGV[place + 4] ~= '0' and tonumber(redis.call('GET', key) or '0') or 0)
  if forgotten > 0 then addToSum(key, forgotten, tonumber(ARGV[place + 3])) end
  local amount, limit, windowMs = tonumber(ARGV[place]), tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2])
  if totals[key] == nil then totals[key] = windowMs > 0 and forget(key, windowMs) or tonumber(redis.call('GET', key) or '0') end
  wanted[key] = (wanted[key] or 0) + amount
  if totals[key] + wanted[key] > limit then
    local wait = windowMs > 0 and waitFor(key, windowMs, wanted[key], limit) or -1
    if refused == nil or (longest >= 0 and (wait < 0 or wait > longest)) then refused, longest = index, wait end
  end
end
if refused then return {0, refused - 1, totals[KEYS[refused + 2]], longest} end
local answer = {1, now}
for index = 1, #KEYS - 2 do
  local key, place = KEYS[index + 2], index * 5 - 1
  local amount, windowMs, expiresAt = tonumber(ARGV[place]), tonumber(ARGV[place + 2]), tonumber(ARGV[place + 3])
  if amount == 0 then
    answer[index + 2] = totals[key] + (wanted[key] or 0)
  else
    answer[index + 2] = windowMs > 0 and count(key, windowMs, amount, now) or addToSum(key, amount, expiresAt)
  end
end
if ARGV[3] ~= '' then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
  redis.call('ZADD', KEYS[1], whole(now + ARGV[1]), KEYS[2])
end
return answer
end
`;

/**
 * KEYS: for each hold that ends, the holds it is among; then the counter of each adjustment.
 * ARGV: how many holds end, their names, the moment after which nothing recorded is counted or 0, and for each
 * adjustment by, window or 0, moment or 0, expiry or 0, and 1 where it is recorded.
 * Answers 1, or 0 where it came too late for what is recorded.
 */
const ADJUST = `
local function adjust()
local ends = tonumber(ARGV[1])
for index = 1, ends do endHold(KEYS[index], ARGV[index + 1]) end
local last = tonumber(ARGV[ends + 2])
local isLate = last > 0 and now > last
local answer = 1
for index = ends + 1, #KEYS do
  local key, place = KEYS[index], ends + 3 + (index - ends - 1) * 5
  local by, windowMs, at, expiresAt = tonumber(ARGV[place]), tonumber(ARGV[place + 1]), tonumber(ARGV[place + 2]), tonumber(ARGV[place + 3])
  if isLate and ARGV[place + 4] == '1' then
    answer = 0
  elseif windowMs == 0 then
    addToSum(key, by, expiresAt)
  else
    if at == 0 then at = now end
    if at + windowMs > now then count(key, windowMs, by, at) end
  end
end
return answer
end
`;

/**
 * Both, by the last of ARGV: `reserve` or `adjust`. As one script, because a Redis that does not know a script has it
 * sent again: a claim that tells what is spent at least would overtake the very adjustment that counts it.
 */
export const CHANGE = `${CLOCK}${WINDOWS}${SUMS}${HOLDS}${RESERVE}${ADJUST}
if ARGV[#ARGV] == 'adjust' then return adjust() end
return reserve()
`;

/** KEYS: the counter. ARGV: its window. Answers its total. */
export const TOTAL = `${CLOCK}${WINDOWS}
return forget(KEYS[1], tonumber(ARGV[1]))
`;

/**
 * KEYS: the processes, the holds of this one, and a mark. ARGV: the lease in ms.
 * Gives a sign of life. Answers 1 where the mark was gone: Redis has lost what it knew.
 */
export const SIGN_OF_LIFE = `${CLOCK}${SUMS}${HOLDS}
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('ZADD', KEYS[1], whole(now + ARGV[1]), KEYS[2]) end
-- No call waits for this: several that died together are buried together.
for _ = 1, 10 do buryDead(KEYS[1]) end
return redis.call('SETNX', KEYS[3], whole(now))
`;
