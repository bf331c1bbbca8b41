// A press that came to nothing says so where it was made, and everything that was written stays in its boxes.
"use strict";

function tell(event) {
  const part = event.target.closest("li, form") || document.body;
  const place = part.querySelector("[role=alert]");
  if (place) {
    place.textContent =
      "This was not saved. Your words are still here. Check that you are online and signed in, then press again.";
  }
}

document.addEventListener("htmx:responseError", tell);
document.addEventListener("htmx:sendError", tell);
document.addEventListener("htmx:timeout", tell);
