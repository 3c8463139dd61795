local name, country, status, channel, total, items, days, vip = ...

local priority, team
if status == "cancelled" then
  priority, team = 0, "archive"
elseif vip and total > 5000 then
  priority, team = 5, "key accounts"
elseif country == "UA" or country == "PL" then
  priority, team = 4, "east"
elseif total > 1000 and days >= 14 then
  priority, team = 3, "collections"
elseif items >= 10 then
  priority, team = 2, "wholesale"
else
  priority, team = 1, "shop"
end

local verb
if channel == "email" then
  verb = "wrote"
elseif channel == "phone" then
  verb = "called"
elseif channel == "chat" then
  verb = "chatted"
elseif channel == "post" then
  verb = "sent a letter"
else
  verb = "came by"
end

local freight = quote("freight", items)
local risk = quote(country, total)
local wait = quote(status, days)
local fee = freight + risk * priority + wait

return "[" .. team .. "/" .. priority .. "] " .. name .. " " .. verb .. ": " .. items .. " items for " .. total .. ", fee " .. fee
