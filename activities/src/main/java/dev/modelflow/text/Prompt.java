package dev.modelflow.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Something to ask a model, with the answer.
 *
 * @param id unique in its file
 * @param family what sort of question: the metrics' names follow from it
 * @param form how it is put to the model
 * @param prompt a user's turn, or the beginning of a text
 * @param answer the answer in plain form; {@link Verifier} tells whether an output gives it
 * @param solution a whole good output
 * @param context of needles: whether the prompt fits the context before its extension
 */
@JsonInclude(Include.NON_NULL)
public record Prompt(
    String id,
    String family,
    PromptForm form,
    String prompt,
    String answer,
    @Nullable String solution,
    @Nullable PromptContext context) {
  /** The file's name in artifacts. */
  public static final String FILE = "prompts.jsonl";

  /** Reads {@code prompts.jsonl} of an artifact's folder. */
  public static List<Prompt> readAll(Path folder) {
    return JsonLines.readAll(folder.resolve(FILE), Prompt.class);
  }

  /** Those of {@link #readAll(Path)} that are put in this form, in the file's order. */
  public static List<Prompt> readAll(Path folder, PromptForm form) {
    return readAll(folder).stream().filter(prompt -> prompt.form() == form).toList();
  }

  /** Writes {@code prompts.jsonl} into the folder. */
  public static void writeAll(Path folder, Stream<Prompt> prompts) {
    JsonLines.writeAll(folder.resolve(FILE), prompts);
  }
}
