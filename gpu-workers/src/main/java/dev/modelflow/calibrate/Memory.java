package dev.modelflow.calibrate;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Map;
import java.util.TreeMap;

/** What the process does with memory that a step has freed. */
public enum Memory {
  /** Keeps it for the next step. */
  KEPT("kept", "keeps freed memory"),
  /** Gives it back to the system, as glibc does by itself. */
  RETURNED("returned", "returns freed memory"),
  /** Keeps it, in pages of 2 MB where the system has them. */
  HUGE_PAGES("huge-pages", "keeps freed memory in huge pages");

  private static final String ONE_GIGABYTE = Long.toString(1L << 30);

  private final String word;
  private final String title;

  Memory(String word, String title) {
    this.word = word;
    this.title = title;
  }

  /** Its name in files. */
  @JsonValue
  public String word() {
    return word;
  }

  /** What it does, for people. */
  String title() {
    return title;
  }

  /** What glibc is told. */
  Map<String, String> environment() {
    Map<String, String> environment = new TreeMap<>();
    if (this != RETURNED) {
      environment.put("MALLOC_MMAP_THRESHOLD_", ONE_GIGABYTE);
      environment.put("MALLOC_TRIM_THRESHOLD_", ONE_GIGABYTE);
    }
    if (this == HUGE_PAGES) {
      environment.put("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1");
    }
    return environment;
  }
}
