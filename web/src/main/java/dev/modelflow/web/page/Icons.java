package dev.modelflow.web.page;

import java.util.Map;

/** Outlines of the icons, in a square of 16 units, for templates: {@code icons.path(...)}. */
class Icons {
  private static final String CIRCLE = "M8 1.8a6.2 6.2 0 1 0 0 12.4a6.2 6.2 0 1 0 0-12.4";
  private static final Map<String, String> PATHS =
      Map.ofEntries(
          Map.entry("succeeded", CIRCLE + "M5.2 8.2l2 2l3.7-4.2"),
          Map.entry("running", CIRCLE + "M8 4.6v3.6l2.3 1.5"),
          Map.entry("failed", CIRCLE + "M5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4"),
          Map.entry("error", CIRCLE + "M8 4.8v3.8M8 11.1v.1"),
          Map.entry("cancelled", CIRCLE + "M3.8 12.2l8.4-8.4"),
          Map.entry("cancelling", CIRCLE + "M6 6h4v4h-4z"),
          Map.entry("fenced", CIRCLE + "M3.8 12.2l8.4-8.4"),
          Map.entry("warning", "M8 2.2l6.3 11.3h-12.6zM8 6.6v3M8 11.6v.1"),
          Map.entry("info", CIRCLE + "M8 7.4v3.8M8 4.9v.1"),
          Map.entry("queued", CIRCLE + "M5.4 8h.1M8 8h.1M10.6 8h.1"),
          Map.entry("waiting", CIRCLE + "M5.4 8h.1M8 8h.1M10.6 8h.1"),
          Map.entry("ready", CIRCLE + "M5.2 8.2l2 2l3.7-4.2"),
          Map.entry("cordoned", CIRCLE + "M4.8 8h6.4"),
          Map.entry("draining", CIRCLE + "M8 4.8v6M5.6 8.6l2.4 2.400l2.400-2.400"),
          Map.entry("drained", CIRCLE + "M6.2 5.8v4.4M9.8 5.8v4.4"),
          Map.entry("ended", CIRCLE + "M6 6h4v4h-4z"),
          Map.entry("lost", CIRCLE + "M8 4.8v3.8M8 11.1v.1"),
          Map.entry(
              "reused",
              "M13.6 8a5.6 5.6 0 0 1-10 3.5M2.4 8a5.6 5.6 0 0 1 10-3.5M12.6 1.9v2.8h-2.8M3.4 14.1v-2.8h2.8"),
          Map.entry(
              "branch",
              "M4.5 5.2v5.6M4.5 8.6c4.5 0 7-.6 7-3.4M4.5 1.8a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M4.5 10.8a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4M11.5 1.8a1.7 1.7 0 1 0 0 3.4a1.7 1.7 0 1 0 0-3.4"),
          Map.entry("rerun", "M2.6 8a5.4 5.4 0 1 0 1.7-3.9M2.6 2.2v3.2h3.2"),
          Map.entry("stop", "M4 4h8v8h-8z"),
          Map.entry("play", "M5 3.2v9.6l7.800-4.800z"),
          Map.entry("plus", "M8 3v10M3 8h10"),
          Map.entry("file", "M4 1.8h5l3.2 3.2v9.2h-8.2zM9 1.8v3.2h3.2"),
          Map.entry(
              "shield",
              "M8 1.8l5 1.8v4c0 3-2 5.400-5 6.600c-3-1.200-5-3.600-5-6.600v-4zM5.800 8l1.600 1.600l2.900-3.200"),
          Map.entry("down", "M8 2.500v8M4.800 7.500l3.200 3.200l3.200-3.200M3 13.500h10"),
          Map.entry("better", "M8 12.500v-9M4.500 7l3.500-3.500l3.500 3.500"),
          Map.entry("worse", "M8 3.500v9M4.500 9l3.500 3.500l3.500-3.500"),
          Map.entry("same", "M3.500 6.500h9M3.500 9.500h9"));

  /** The path of this icon; a plain circle for names that have none. */
  public String path(String name) {
    return PATHS.getOrDefault(name, CIRCLE);
  }

  /** The path of this status. */
  public String path(Object status) {
    return path(status.toString());
  }
}
