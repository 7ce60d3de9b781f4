-- Sends ready-made requests, one after the other, each thread its share; prints the figures as one line of JSON.
-- A file of requests holds, for each, its length in bytes on a line and then the bytes.
local threads = {}

function setup(thread)
  thread:set("place", #threads)
  table.insert(threads, thread)
end

function init(arguments)
  local share = tonumber(arguments[2])
  local file = assert(io.open(arguments[1], "rb"))
  requests, at, wrapped = {}, 0, false
  local number = 0
  local length = file:read("*n")
  while length do
    file:read(1)
    local request = file:read(length)
    if number % share == place then requests[#requests + 1] = request end
    number = number + 1
    length = file:read("*n")
  end
  file:close()
end

function request()
  at = at + 1
  if at > #requests then at = 1; wrapped = #requests > 1 end
  return requests[at]
end

function done(summary, latency, all)
  local again = false
  for _, thread in ipairs(threads) do again = again or thread:get("wrapped") end
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50_ms": %.4f, "p99_ms": %.4f, "refused": %d, "broken": %d, "wrapped": %s}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout, tostring(again)))
end
