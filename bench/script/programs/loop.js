(function (rounds) {
  var total = 0, above = 0;
  for (var i = 1; i <= rounds; i++) {
    total = (total + i) % 1000003;
    if (total > 500000) {
      above++;
    }
  }
  return total + above;
})
