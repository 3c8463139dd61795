(function (name, country, status, channel, total, items, days, vip) {
  var priority, team;
  if (status === "cancelled") {
    priority = 0;
    team = "archive";
  } else if (vip && total > 5000) {
    priority = 5;
    team = "key accounts";
  } else if (country === "UA" || country === "PL") {
    priority = 4;
    team = "east";
  } else if (total > 1000 && days >= 14) {
    priority = 3;
    team = "collections";
  } else if (items >= 10) {
    priority = 2;
    team = "wholesale";
  } else {
    priority = 1;
    team = "shop";
  }

  var verb;
  switch (channel) {
    case "email": verb = "wrote"; break;
    case "phone": verb = "called"; break;
    case "chat": verb = "chatted"; break;
    case "post": verb = "sent a letter"; break;
    default: verb = "came by";
  }

  var freight = quote("freight", items);
  var risk = quote(country, total);
  var wait = quote(status, days);
  var fee = freight + risk * priority + wait;

  return "[" + team + "/" + priority + "] " + name + " " + verb + ": " + items + " items for " + total + ", fee " + fee;
})
