local most, status, country = ...

local matching = 0
for amount = 1, most do
  if amount > 100 and status == "open" and (country == "DE" or country == "FR" or country == "UA") then
    matching = matching + 1
  end
end
return matching
