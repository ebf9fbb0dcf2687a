// What the dashboard adds when there is JavaScript: every page works without.
import { keepFresh } from "./live.js";
import { readCurves } from "./curve.js";

keepFresh(readCurves);
readCurves();
