package io.sotto.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sotto.problem.BadInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VocabularyTest {
  private static final String TEXT = "Bett 7: ruhig, schläft. \uD83D\uDE00\n\nBett 8: ruhig.";

  static Stream<Vocabulary> all() {
    WordCounts counts = new WordCounts();
    counts.add(TEXT);
    return Stream.of(
        Vocabulary.characters(TEXT.codePoints()), Vocabulary.ofBytes(), counts.learn(270));
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatIsEncodedIsDecodedAgain(Vocabulary vocabulary) {
    int[] tokens = vocabulary.encode(TEXT, "here");
    assertThat(vocabulary.decode(tokens)).isEqualTo(TEXT);
    assertThat(IntStream.of(tokens)).allMatch(token -> token >= 0 && token < vocabulary.end());
    int[] parted = {tokens[0], vocabulary.end(), tokens[1]};
    assertThat(TEXT).startsWith(vocabulary.decode(parted));
    assertThat(vocabulary.bytes(vocabulary.end())).isEmpty();
    assertThat(vocabulary.encode("", "here")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("all")
  void itsValuesMakeItAgain(Vocabulary vocabulary) {
    Vocabulary again = Vocabulary.of(vocabulary.toMap(), "vocabulary.json");
    assertThat(again).isEqualTo(vocabulary).hasSameHashCodeAs(vocabulary);
    assertThat(again.encode(TEXT, "here")).isEqualTo(vocabulary.encode(TEXT, "here"));
  }

  @Test
  void charactersAreInTheOrderOfCodePoints() {
    Vocabulary vocabulary = Vocabulary.characters("caba\uD83D\uDE00".codePoints());
    assertThat(vocabulary.size()).isEqualTo(5);
    assertThat(vocabulary.encode("abc\uD83D\uDE00", "here")).containsExactly(0, 1, 2, 3);
    assertThat(vocabulary.kind()).isEqualTo(Vocabulary.Kind.CHARACTERS);
  }

  @Test
  void anUnknownCharacterIsRefusedByItsPlace() {
    Vocabulary vocabulary = Vocabulary.characters("ab\n".codePoints());
    assertThatThrownBy(() -> vocabulary.encode("ab\nabé", "ward.txt"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "ward.txt: line 2, character 3 is 'é' (U+00E9), which the vocabulary of the model does"
                + " not have.")
        .hasMessageContaining("model.vocabulary = bytes");
    assertThatThrownBy(() -> vocabulary.encode("\u0007", "the prompt"))
        .hasMessageStartingWith("the prompt: line 1, character 1 is U+0007, which");
  }

  @Test
  void bytesAreThoseOfUtf8() {
    assertThat(Vocabulary.ofBytes().encode("aé", "here")).containsExactly(97, 0xc3, 0xa9);
    assertThat(Vocabulary.ofBytes().size()).isEqualTo(257);
    assertThat(Vocabulary.ofBytes().decode(new int[] {97, 0xc3})).isEqualTo("a\uFFFD");
  }

  @Test
  void theMostFrequentPairIsLearntFirst() {
    WordCounts counts = new WordCounts();
    counts.add("abab ab xy xy");
    // ab occurs three times, then xy and " x" twice, then " " + xy
    Vocabulary vocabulary = counts.learn(260);
    assertThat(vocabulary.toMap().get("pairs"))
        .isEqualTo(List.of(List.of(97, 98), List.of(32, 120), List.of(257, 121)));
    assertThat(vocabulary.encode("abab xy", "here")).containsExactly(256, 256, 258);
    // no other pair occurs twice
    assertThat(counts.learn(1000).size()).isEqualTo(260);
  }

  @Test
  void pairsDoNotDependOnTheOrderOfTexts() {
    List<String> texts = new ArrayList<>();
    for (int k = 0; k < 40; k++) {
      texts.add("bed " + k % 7 + " takes " + "aspirin\n".repeat(k % 3) + "at " + k + ":00, slept");
    }
    WordCounts all = new WordCounts();
    texts.forEach(all::add);
    Collections.reverse(texts);
    WordCounts sum = new WordCounts();
    for (String text : texts) {
      WordCounts own = new WordCounts();
      own.add(text);
      own.counts().forEach(sum::add);
    }
    assertThat(sum.learn(280)).isEqualTo(all.learn(280));
    assertThat(all.learn(280).size()).isEqualTo(280);
  }

  @Test
  void learningCountsEachPairAnew() {
    String text = "the cat that sat on that mat, the rat that ate the cat; aaaa aaa".repeat(3);
    WordCounts counts = new WordCounts();
    counts.add(text);
    Vocabulary learnt = counts.learn(275);
    List<int[]> words = words(text);
    List<?> pairs = (List<?>) Objects.requireNonNull(learnt.toMap().get("pairs"));
    for (Object pair : pairs) {
      int left = (Integer) ((List<?>) pair).get(0);
      int right = (Integer) ((List<?>) pair).get(1);
      assertThat(WordCounts.pair(left, right)).isEqualTo(mostFrequent(words));
      int both = 256 + pairs.indexOf(pair);
      words.replaceAll(word -> WordCounts.join(word, left, right, both));
    }
  }

  private static List<int[]> words(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    List<int[]> words = new ArrayList<>();
    int next;
    for (int at = 0; at < bytes.length; at = next) {
      next = WordCounts.wordEnd(bytes, at);
      words.add(WordCounts.tokens(bytes, at, next));
    }
    return words;
  }

  private static long mostFrequent(List<int[]> words) {
    Map<Long, Integer> counts = new java.util.TreeMap<>();
    for (int[] word : words) {
      for (int k = 0; k + 1 < word.length; k++) {
        counts.merge(WordCounts.pair(word[k], word[k + 1]), 1, Integer::sum);
      }
    }
    int most = Collections.max(counts.values());
    return counts.entrySet().stream()
        .filter(e -> e.getValue() == most)
        .mapToLong(Map.Entry::getKey)
        .min()
        .orElseThrow();
  }

  static Stream<Arguments> damaged() {
    return Stream.of(
        Arguments.of(
            Map.of("kind", "charcters"),
            "v.json: kind is 'charcters'; it must be one of characters, bytes, pairs, such as"
                + " 'characters'. Fetch the file again."),
        Arguments.of(Map.of("size", 3), "v.json: kind is null; it must be"),
        Arguments.of(
            Map.of("kind", "characters", "size", 4, "characters", "acb"),
            "v.json: characters are not in ascending order, each once. The file is damaged;"),
        Arguments.of(
            Map.of("kind", "characters", "size", 5, "characters", "abc"),
            "v.json: size is 5, and there are 4 tokens."),
        Arguments.of(Map.of("kind", "characters", "size", 5), "v.json: characters is no text."),
        Arguments.of(Map.of("kind", "bytes"), "v.json: size is null, and there are 257 tokens."),
        Arguments.of(Map.of("kind", "pairs", "size", 258), "v.json: pairs is no list."),
        Arguments.of(
            Map.of("kind", "pairs", "size", 258, "pairs", List.of(List.of(1))),
            "v.json: pairs holds [1], which is no pair."),
        Arguments.of(
            Map.of("kind", "pairs", "size", 258, "pairs", List.of(List.of(1, 256))),
            "v.json: a pair holds 256, which is no earlier token."));
  }

  @ParameterizedTest
  @MethodSource("damaged")
  void valuesThatAreNotWholeAreRefused(Map<String, Object> map, String complaint) {
    assertThatThrownBy(() -> Vocabulary.of(map, "v.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(complaint);
  }
}
