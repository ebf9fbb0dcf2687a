package dev.modelflow.synthesize;

import java.util.List;

/**
 * A problem in words.
 *
 * @param question ends with a question mark
 * @param problem what has to be worked out
 */
record WordProblem(String question, Problem problem) {
  private static final List<String> TEMPLATES =
      List.of(
          "{N} has {a} {t}. {M} has {b} {t}. How many {t} do they have?",
          "One bag holds {a} {t}, another holds {b}. How many {t} do the bags hold?",
          "{N} read {a} pages and then {b} more. How many pages did {N} read?",
          "A bus has {a} people. Then {b} people get on. How many people are on the bus?",
          "{N} walked {a} miles and ran {b} miles. How many miles is that?",
          "The red box has {a} {t} and the blue box has {b}. How many {t} are in the boxes?",
          "{N} has {a} {t} and gets {b} more. How many {t} does {N} have now?",
          "There are {a} {t} in one box and {b} in another. How many {t} are there in all?",
          "{N} found {a} {t}. {M} found {b} {t}. How many {t} did they find together?",
          "{N} buys {a} {t} on one day and {b} on the next. How many {t} did {N} buy?",
          "A shop has {a} {t}. A man brings {b} more. How many {t} are in the shop?",
          "{M} gives {b} {t} to {N}, who had {a}. How many {t} does {N} have?");

  static WordProblem draw(Draws draws, double heldOut, boolean wantHeldOut) {
    Problem problem = Problem.draw(draws, heldOut, wantHeldOut);
    List<String> names = draws.sample(Vocabulary.NAMES, 2);
    String question =
        draws
            .pick(TEMPLATES)
            .replace("{N}", names.getFirst())
            .replace("{M}", names.getLast())
            .replace("{t}", draws.pick(Vocabulary.THINGS))
            .replace("{a}", String.valueOf(problem.first()))
            .replace("{b}", String.valueOf(problem.second()));
    return new WordProblem(question, problem);
  }

  /** The turn of an assistant that answers well: the work, then the answer in the asked form. */
  String reply() {
    return problem.work() + "\nanswer " + problem.sum();
  }
}
