/* The form: what the page tells it stands in the page. */
"use strict";
