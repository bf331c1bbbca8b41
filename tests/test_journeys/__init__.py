"""The five journeys of people through the portal, each in a browser with and without JavaScript, and every page on a phone."""
