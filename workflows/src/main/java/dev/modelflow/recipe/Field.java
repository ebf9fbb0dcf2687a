package dev.modelflow.recipe;

import java.util.Map;
import java.util.function.BiFunction;

/**
 * One key of the recipe. Validation, defaults, the JSON Schema and the reference all come from it.
 *
 * @param name the key
 * @param type which values it may have
 * @param absence what holds when the recipe does not mention it
 * @param description one or two sentences for the reader of the reference
 */
public record Field(String name, FieldType type, Absence absence, String description) {

  /** What holds when a key is absent. */
  public sealed interface Absence {}

  /** The recipe is wrong without the key. */
  public record Required() implements Absence {}

  /** There is no value then. */
  public record Optional() implements Absence {}

  /** This value, in the type's own form, holds then. */
  public record Value(Object value) implements Absence {}

  /**
   * The value follows from others then.
   *
   * @param words how, for the reference
   * @param from the model and the keys of the same block that stand earlier in the table
   */
  public record Derived(String words, BiFunction<ModelShape, Map<String, Object>, Object> from)
      implements Absence {}

  /**
   * There is no value then where the block has {@code rival}, another way to say the same; else
   * {@code otherwise} holds.
   *
   * @param rival a key that stands earlier in the table
   */
  public record Unless(String rival, Absence otherwise) implements Absence {}
}
