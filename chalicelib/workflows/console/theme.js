// Light or dark as chosen before, ahead of the first paint; without a choice the system decides.
try {
  const chosen = localStorage.getItem("signalbox.theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch { /* storage is closed to this page: the system decides */ }
