local rounds = ...

local total, above = 0, 0
for i = 1, rounds do
  total = (total + i) % 1000003
  if total > 500000 then
    above = above + 1
  end
end
return total + above
