package dev.modelflow.engine.data;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Steps that saw packed rows.
 *
 * @param passed steps of the order that came before and were not these
 * @param order what the rows hang on
 * @param check of all steps of the order up to the last of these, those passed over included
 */
public record SeenRows(int after, int passed, int steps, RowOrder order, String check)
    implements Seen {
  @Override
  public SeenRows later(int others) {
    return new SeenRows(after + others, passed, steps, order, check);
  }

  @Override
  public SeenRows from(int step) {
    int gone = Math.clamp(step - (long) after, 0, steps);
    return new SeenRows(after + gone, passed + gone, steps - gone, order, check);
  }

  @Override
  public Optional<Seen> with(Seen next) {
    return next instanceof SeenRows rows
            && rows.after == after + steps
            && rows.passed == passed + steps
            && rows.order.equals(order)
        ? Optional.of(new SeenRows(after, passed, steps + rows.steps, order, rows.check))
        : Optional.empty();
  }

  /**
   * Makes the order again and hands over each step's places with the step's number in the stage.
   *
   * @return whether it is the order that the stage saw: not if a source's documents have other
   *     lengths, or if the order is made otherwise today
   */
  public boolean replay(
      Map<String, ? extends DocumentLengths> documents, BiConsumer<Integer, Place> each) {
    PlaceOrder places = new PlaceOrder(documents, order);
    for (int step = 1; step <= passed + steps; step++) {
      int inStage = after + step - passed;
      boolean own = step > passed;
      places
          .next()
          .forEach(
              row ->
                  row.forEach(
                      place -> {
                        if (own) {
                          each.accept(inStage, place);
                        }
                      }));
    }
    return places.check().equals(check);
  }
}
