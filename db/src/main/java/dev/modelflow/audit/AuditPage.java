package dev.modelflow.audit;

import dev.modelflow.audit.ArtifactAudit.AuditedScore;
import dev.modelflow.domain.CanonicalJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An audit as one HTML page that needs nothing else: no script, no style sheet, no network. */
public final class AuditPage {
  private static final String STYLE =
      """
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
        color: #1c2128; background: #fff }
      h1 { font-size: 1.6rem } h2 { font-size: 1.25rem; margin-top: 2.2rem } h3 { font-size: 1.05rem }
      code { font: 0.85em ui-monospace, monospace; overflow-wrap: anywhere }
      table { border-collapse: collapse; width: 100%; margin: .5rem 0 }
      th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #d0d7de }
      section { border-left: 3px solid #57606a; padding-left: 1rem; margin: 1.2rem 0 }
      """;

  private final StringBuilder page = new StringBuilder();

  private AuditPage() {}

  /** The page. */
  public static String html(ArtifactAudit audit) {
    return new AuditPage().write(audit);
  }

  private String write(ArtifactAudit audit) {
    String title = "Audit of " + audit.kind() + " " + audit.artifact().brief();
    page.append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escape(title))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(escape(title))
        .append("</h1>\n<p>Digest <code>")
        .append(audit.artifact())
        .append("</code>, ")
        .append(audit.totalSize())
        .append(" bytes in ")
        .append(audit.files().size())
        .append(" files.</p>\n");
    heading("Data sources and licences");
    sources(audit);
    heading("Evaluations");
    scores(audit.evaluations());
    heading("How it was made");
    audit.chain().forEach(this::stage);
    heading("Files");
    table(
        List.of("path", "bytes", "SHA-256"),
        audit.files().stream()
            .map(file -> List.of(escape(file.path()), "" + file.size(), code(file.sha256())))
            .toList());
    heading("Runs that branched from it");
    table(
        List.of("run", "stage", "step"),
        audit.branches().stream()
            .map(branch -> List.of(code(branch.run()), escape(branch.stage()), "" + branch.step()))
            .toList());
    return page.append("</body></html>\n").toString();
  }

  private void heading(String text) {
    page.append("<h2>").append(escape(text)).append("</h2>\n");
  }

  private void sources(ArtifactAudit audit) {
    List<List<String>> rows = new ArrayList<>();
    for (Map<String, @Nullable Object> source : audit.sources()) {
      rows.add(
          Stream.of("name", "artifact", "licence", "published", "sha256", "stage")
              .map(key -> code(text(source.get(key))))
              .toList());
    }
    table(List.of("name", "artifact", "licence", "published", "SHA-256", "read by stage"), rows);
  }

  private void stage(AuditedStage stage) {
    page.append("<section><h3>")
        .append(escape(stage.stage()))
        .append(" <small>(")
        .append(escape(stage.kind()))
        .append(")</small></h3>\n");
    List<List<String>> facts = new ArrayList<>();
    facts.add(List.of("run", code(stage.run())));
    facts.add(List.of("code version", code(text(stage.codeVersion()))));
    if (!stage.codeVersions().isEmpty()) {
      facts.add(List.of("code of its attempts", code(String.join(", ", stage.codeVersions()))));
    }
    facts.add(List.of("seed", code("" + stage.seed())));
    facts.add(List.of("fingerprint", code(text(stage.fingerprint()))));
    facts.add(List.of("finished", escape(text(stage.finishedAt()))));
    facts.add(List.of("attempts", "" + stage.attempts()));
    facts.add(List.of("environment", code(CanonicalJson.write(stage.environment()))));
    facts.add(List.of("model", code(CanonicalJson.write(stage.model()))));
    facts.add(List.of("parameters", code(CanonicalJson.write(stage.parameters()))));
    stage.inputs().forEach((role, id) -> facts.add(List.of("read: " + escape(role), code(id))));
    stage.outputs().forEach((name, id) -> facts.add(List.of("made: " + escape(name), code(id))));
    table(List.of("what", "value"), facts);
    if (!stage.scores().isEmpty()) {
      scores(stage.scores());
    }
    page.append("</section>\n");
  }

  private void scores(List<AuditedScore> scores) {
    table(
        List.of("task", "metric", "value", "standard error", "samples"),
        scores.stream()
            .map(
                score ->
                    List.of(
                        escape(score.task()),
                        escape(score.metric()),
                        number(score.value()),
                        number(score.standardError()),
                        "" + score.samples()))
            .toList());
  }

  /** Cells are HTML already. */
  private void table(List<String> head, List<List<String>> rows) {
    if (rows.isEmpty()) {
      page.append("<p>None recorded.</p>\n");
      return;
    }
    page.append("<table><thead><tr>");
    head.forEach(cell -> page.append("<th scope=\"col\">").append(escape(cell)).append("</th>"));
    page.append("</tr></thead><tbody>\n");
    for (List<String> row : rows) {
      page.append("<tr>");
      row.forEach(cell -> page.append("<td>").append(cell).append("</td>"));
      page.append("</tr>\n");
    }
    page.append("</tbody></table>\n");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String text(@Nullable Object value) {
    return value == null ? "–" : value.toString();
  }

  private static String code(String text) {
    return "<code>" + escape(text) + "</code>";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
