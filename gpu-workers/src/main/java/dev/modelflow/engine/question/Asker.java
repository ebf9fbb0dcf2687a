package dev.modelflow.engine.question;

import dev.modelflow.engine.generate.Continuation;
import dev.modelflow.engine.generate.Request;
import dev.modelflow.engine.random.CounterRandom;
import dev.modelflow.text.ChatTemplate;
import dev.modelflow.text.Message;
import dev.modelflow.text.Prompt;
import dev.modelflow.text.Tokenizer;
import dev.modelflow.text.Verifier;
import dev.modelflow.text.Verifier.Verdict;
import java.util.BitSet;
import java.util.List;

/** Turns prompts into the tokens that a model continues, and its tokens into verdicts. */
public final class Asker {
  private final Tokenizer tokenizer;
  private final ChatTemplate template;
  private final BitSet ends;
  private final BitSet lineEnds;

  /** An asker in the words of this tokenizer, with conversations as the template has them. */
  public Asker(Tokenizer tokenizer, ChatTemplate template) {
    this.tokenizer = tokenizer;
    this.template = template;
    ends = Request.ends(tokenizer.specials());
    lineEnds = (BitSet) ends.clone();
    for (int token = 0; token < tokenizer.vocabularySize(); token++) {
      if (tokenizer.decode(new int[] {token}).indexOf('\n') >= 0) {
        lineEnds.set(token);
      }
    }
  }

  /** Asks for the likeliest answer: to the end of a turn, or of a completion's first line. */
  public Request greedy(Prompt prompt) {
    return switch (prompt.form()) {
      case CHAT -> Request.greedy(prompt(prompt), ends);
      case COMPLETION -> Request.greedy(prompt(prompt), lineEnds);
    };
  }

  /** Asks for an answer of each stream of random numbers. */
  public Request sampled(Prompt prompt, List<CounterRandom> samples) {
    return new Request(prompt(prompt), samples, ends);
  }

  /**
   * The tokens before the answer: a user's turn, or a document's beginning, which follows an
   * end-of-text token as every document in training does.
   */
  public int[] prompt(Prompt prompt) {
    return switch (prompt.form()) {
      case CHAT -> chat(prompt.prompt());
      case COMPLETION -> {
        int[] text = tokenizer.encode(prompt.prompt());
        int[] tokens = new int[text.length + 1];
        tokens[0] = tokenizer.specials().endOfText();
        System.arraycopy(text, 0, tokens, 1, text.length);
        yield tokens;
      }
    };
  }

  /**
   * Refuses prompts that are too long for a model.
   *
   * @param longest most tokens of an answer
   * @param context most tokens that the model reads
   * @throws IllegalArgumentException naming the first of them
   */
  public void requireFit(List<Prompt> prompts, int longest, int context) {
    for (Prompt prompt : prompts) {
      if (!fits(prompt, longest, context)) {
        throw new IllegalArgumentException(
            "Prompt '%s' has %d tokens, which with an answer of up to %d do not fit the model's context of %d: leave it out, lower maxNewTokens or extend the context"
                .formatted(prompt.id(), prompt(prompt).length, longest, context));
      }
    }
  }

  /** Whether a model of this context reads all of the prompt and of an answer that long. */
  public boolean fits(Prompt prompt, int longest, int context) {
    // The last token of an answer is never read.
    return prompt(prompt).length + longest - 1 <= context;
  }

  /** The tokens of a user's turn and the opening of the assistant's. */
  public int[] chat(String question) {
    return template.prompt(List.of(Message.user(question)));
  }

  /** The tokens of an assistant's whole answer. */
  public int[] answer(String text) {
    return template.answer(text);
  }

  /** The tokens of an answer that may have been cut off. */
  public int[] answer(String text, boolean ended) {
    return ended ? template.answer(text) : tokenizer.encode(text);
  }

  /** The text of what a model said. */
  public String text(Continuation said) {
    return tokenizer.decodeWithSpecials(said.content());
  }

  /** Whether what a model said has the asked form and is right. */
  public Verdict verdict(Prompt prompt, Continuation said) {
    return Verifier.check(prompt, text(said), said.ended());
  }
}
