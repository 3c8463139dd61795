(function (amount, status, country) {
  return amount > 100 && status === "open" && ["DE", "FR", "UA"].indexOf(country) >= 0;
})
