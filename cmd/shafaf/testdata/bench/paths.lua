-- Asks for the paths of a file in turn: wrk -s paths.lua ADDRESS -- FILE. At the
-- end it prints one line of JSON.
local asked, at = {}, 0

function init(args)
  for path in io.lines(args[1]) do
    asked[#asked + 1] = wrk.format("GET", path)
  end
end

function request()
  at = at % #asked + 1
  return asked[at]
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('\n{"requests": %d, "seconds": %.6f, "p50": %.6f, "p99": %.6f, "bytes": %d, "errors": %d, "refused": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e6, latency:percentile(99) / 1e6, summary.bytes,
    e.connect + e.read + e.write + e.timeout, e.status))
end
