package dev.modelflow.text;

import dev.modelflow.text.jinja.BoundException;
import dev.modelflow.text.jinja.Jinja;
import dev.modelflow.text.jinja.JinjaException;
import dev.modelflow.text.jinja.Text;
import dev.modelflow.text.jinja.Value;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A published model's template, followed exactly: what transformers writes with it, and the tokens
 * of that, but for texts in messages that say special tokens, and an answer's beginning, which does
 * not melt into what stands before it, since the model says it after that.
 */
final class OwnTemplate implements ChatTemplate {
  private static final List<Message> ASKED = List.of(Message.user("Why?"));
  private static final List<Message> ANSWERED =
      List.of(ASKED.getFirst(), Message.assistant("Because."));

  private final String file;
  private final Jinja jinja;
  private final Map<String, Value> specials;
  private final Tokenizer tokenizer;
  private final Text ending;

  private OwnTemplate(String file, Jinja jinja, Map<String, Value> specials, Tokenizer tokenizer) {
    this.file = file;
    this.jinja = jinja;
    this.specials = specials;
    this.tokenizer = tokenizer;
    ending = ending();
  }

  static OwnTemplate of(Path folder, String source, Tokenizer tokenizer) {
    String file = String.valueOf(TemplateFile.source(folder).getFileName());
    Jinja jinja;
    try {
      jinja = Jinja.read(source);
    } catch (JinjaException unknown) {
      throw new TextException(
          "The chat template in %s cannot be followed exactly: %s; without it among the files of the import, the flow's own is used"
              .formatted(file, unknown.getMessage()),
          unknown);
    }
    Map<String, Value> specials = new LinkedHashMap<>();
    NamedTokens.of(folder, jinja).forEach((name, token) -> specials.put(name, Text.of(token)));
    return new OwnTemplate(file, jinja, specials, tokenizer);
  }

  @Override
  public ChatTokens render(List<Message> messages) {
    return new ChatEncoding(tokenizer, written(messages, false), file).of(messages);
  }

  @Override
  public int[] prompt(List<Message> messages) {
    return new ChatEncoding(tokenizer, written(messages, true), file).of(messages).ids();
  }

  @Override
  public int[] answer(String content) {
    Message said = Message.assistant(content);
    Text text = Text.of(content, 1).plus(ending);
    return new ChatEncoding(tokenizer, text, file).of(List.of(said)).ids();
  }

  /** What the template writes behind an answer up to the token that ends it. */
  private Text ending() {
    if (!new ChatEncoding(tokenizer, written(ASKED, true), file).writes(1)) {
      throw new TextException(
          "The chat template in %s writes nothing of what a user says: keep the one that the model was tuned with"
              .formatted(file));
    }
    Text written = written(ANSWERED, false);
    return new ChatEncoding(tokenizer, written, file)
        .ending(ANSWERED.size())
        .orElseThrow(
            () ->
                new TextException(
                    "The chat template in %s does not end an answer with %s or %s, at which answers end here: without it among the files of the import, the flow's own is used"
                        .formatted(
                            file,
                            SpecialToken.END_OF_TEXT.text(),
                            SpecialToken.MESSAGE_END.text())));
  }

  private Text written(List<Message> messages, boolean prompt) {
    if (messages.stream().mapToLong(message -> message.content().length()).sum() > Jinja.LONGEST) {
      throw new TooLongException(
          "These turns have more than %d characters".formatted(Jinja.LONGEST));
    }
    List<Value> turns = new ArrayList<>();
    for (Message message : messages) {
      Map<String, Value> turn = new LinkedHashMap<>();
      turn.put("role", role(message.role()));
      turn.put("content", Text.of(message.content(), turns.size() + 1));
      turns.add(new Value.Fields(turn));
    }
    Map<String, Value> variables = new LinkedHashMap<>(specials);
    variables.put("messages", Value.Items.of(turns));
    variables.put("tools", Value.Nothing.NONE);
    variables.put("documents", Value.Nothing.NONE);
    variables.put("add_generation_prompt", new Value.Truth(prompt));
    try {
      return jinja.render(variables);
    } catch (BoundException tooLong) {
      throw new TooLongException(cannotWrite(messages, tooLong), tooLong);
    } catch (JinjaException refused) {
      throw new TextException(cannotWrite(messages, refused), refused);
    }
  }

  private String cannotWrite(List<Message> messages, JinjaException refused) {
    return "The chat template in %s cannot write these turns of %s: %s"
        .formatted(
            file,
            messages.stream().map(Message::role).distinct().collect(Collectors.joining(", ")),
            refused.getMessage());
  }

  /**
   * A role that is known may be a part of a special token's name, as in {@code <|user|>}; what data
   * says may not.
   */
  private static Text role(String role) {
    return Message.ROLES.contains(role) ? Text.of(role) : Text.of(role, Integer.MAX_VALUE);
  }
}
