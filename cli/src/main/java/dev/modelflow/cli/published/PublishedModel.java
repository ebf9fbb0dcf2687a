package dev.modelflow.cli.published;

import dev.modelflow.engine.stage.ImportBlock;
import dev.modelflow.engine.stage.StageFailure;
import dev.modelflow.recipe.Recipe;
import dev.modelflow.text.TextException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A model's folder in Hugging Face's layout, as the recipe of a flow that begins with it. */
public final class PublishedModel {
  private final Path folder;
  private final Map<String, String> about;
  private final ImportBlock block;
  private final String recipe;

  private PublishedModel(Path folder, Map<String, String> about, ImportBlock block) {
    this.folder = folder;
    this.about = about;
    this.block = block;
    recipe = FirstRecipe.of(folder, block.model(), about, block.files());
    // What no recipe may say is refused here, not where somebody first plans it.
    Recipe.parse(recipe, "the recipe of " + folder);
  }

  /**
   * Looks at a folder as its import will, but for the values of the weights.
   *
   * @param about what else the stage {@code import} says of it, by its keys
   * @param reads is told of each file before its digest is taken
   * @throws PublishedException when it cannot be imported
   * @throws dev.modelflow.recipe.RecipeException when no recipe may say so of a model
   */
  public static PublishedModel of(Path folder, Map<String, String> about, Consumer<Path> reads) {
    Path whole = folder.toAbsolutePath().normalize();
    try {
      return new PublishedModel(whole, about, ImportBlock.of(whole, reads));
    } catch (IOException | UncheckedIOException | TextException | StageFailure refused) {
      throw new PublishedException(whole + " cannot be imported: " + refused.getMessage(), refused);
    }
  }

  /** The recipe as YAML, with no other stage. */
  public String recipe() {
    return recipe;
  }

  /** The blocks {@code model} and {@code import} as JSON shows them, and {@link #left()}. */
  public Map<String, Object> tree() {
    Map<String, Object> stage = new LinkedHashMap<>();
    stage.put("folder", folder.toString());
    stage.putAll(about);
    stage.put("files", block.files().entrySet().stream().map(PublishedModel::pin).toList());
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("model", block.model());
    tree.put("import", stage);
    tree.put("left", left());
    return tree;
  }

  private static Map<String, String> pin(Map.Entry<String, String> file) {
    Map<String, String> pin = new LinkedHashMap<>();
    pin.put("name", file.getKey());
    pin.put("sha256", file.getValue());
    return pin;
  }

  /** A sentence for each thing that the folder says and the flow will not. */
  public List<String> left() {
    return block.left();
  }
}
