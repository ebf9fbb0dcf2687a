package dev.modelflow.curate;

/** The text of a Java file: all of it but the comment before the package, which is a licence. */
final class JavaSource {
  private JavaSource() {}

  static String text(String file) {
    String text = file.replace("\r\n", "\n").replace('\r', '\n');
    int start = text.startsWith("package ") ? 0 : text.indexOf("\npackage ") + 1;
    return text.substring(start).strip();
  }
}
