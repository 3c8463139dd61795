(function (most, status, country) {
  var matching = 0;
  for (var amount = 1; amount <= most; amount++) {
    if (amount > 100 && status === "open" && ["DE", "FR", "UA"].indexOf(country) >= 0) {
      matching++;
    }
  }
  return matching;
})
