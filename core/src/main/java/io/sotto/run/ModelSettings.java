package io.sotto.run;

import io.sotto.model.ModelShape;
import io.sotto.model.Vocabulary;
import java.io.Serializable;

/**
 * A model of language as it is asked for, before texts have said how many tokens there are.
 *
 * @param vocabulary what tokens stand for
 * @param tokens how many there are to be, if they are pairs
 * @param least the shape of the model, with the fewest tokens that there may be
 */
public record ModelSettings(Vocabulary.Kind vocabulary, int tokens, ModelShape least)
    implements Serializable {

  /** The shape of the model over so many tokens. */
  public ModelShape shape(int vocabularySize) {
    return least.withVocabulary(vocabularySize);
  }
}
