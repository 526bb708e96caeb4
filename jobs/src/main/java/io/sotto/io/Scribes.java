package io.sotto.io;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the shipped example: the shift notes of eight wards, drawn from a grammar of ours. Wards
 * have words and habits of their own and a common core. The same seed gives the same bytes.
 */
final class Scribes {
  private static final String GRAMMAR = "scribes-grammar.conf";
  private static final Pattern SYMBOL = Pattern.compile("\\{([^{}]+)}");
  private static final Pattern NUMBER = Pattern.compile("(\\d+)-(\\d+)( \\w+)?");
  private static final int LEAST_BYTES = 64_000;
  private static final int MORE_BYTES = 24_000;
  private static final int LEAST_BEDS = 3;
  private static final int MORE_BEDS = 4;
  private static final int SHIFT_BEGINS = 6 * 60;
  private static final int SHIFT_MINUTES = 8 * 60;
  private static final int DAY = 24 * 60;
  private static final List<String> SHIFTS = List.of("early shift", "late shift", "night shift");

  private final Config grammar;
  private final String ward;
  private final SplittableRandom random;
  private final StringBuilder notes = new StringBuilder();

  private Scribes(Config grammar, String ward, long seed) {
    this.grammar = grammar;
    this.ward = ward;
    this.random = new SplittableRandom(seed ^ ward.hashCode() * 0x9E3779B97F4A7C15L);
  }

  /** The notes by ward. */
  static Map<String, String> notes(long seed) {
    Config grammar = ConfigFactory.parseResources(Scribes.class.getClassLoader(), GRAMMAR);
    Map<String, String> all = new TreeMap<>();
    for (String ward : grammar.getConfig("wards").root().keySet()) {
      all.put(ward, new Scribes(grammar, ward, seed).write());
    }
    return all;
  }

  /** A file {@code ward-NAME.txt} for each ward, by name. */
  static Map<String, byte[]> files(long seed) {
    Map<String, byte[]> files = new TreeMap<>();
    notes(seed)
        .forEach(
            (ward, text) ->
                files.put("ward-" + ward + ".txt", text.getBytes(StandardCharsets.US_ASCII)));
    return files;
  }

  /** Whole shifts, one after the other. */
  private String write() {
    int size = LEAST_BYTES + below(MORE_BYTES);
    for (int shift = 0; notes.length() < size; shift++) {
      shift(SHIFTS.get(shift % SHIFTS.size()), shift % SHIFTS.size());
    }
    return notes.toString();
  }

  private void shift(String name, int number) {
    Map<String, String> said = new HashMap<>();
    said.put("ward", ward);
    said.put("shift", name);
    said.put("scribe", one("scribe"));
    int beds = LEAST_BEDS + below(MORE_BEDS);
    said.put("beds", counted(beds, " bed"));
    List<Map<String, String>> patients = new ArrayList<>();
    int first = below(MORE_BEDS);
    for (int bed = 0; bed < beds; bed++) {
      patients.add(patient(first + bed + 1, said));
    }
    said.put("bed", Integer.toString(first + 1 + below(beds)));
    notes.append(expand("{header}", said)).append('\n');
    int minute = SHIFT_BEGINS + number * SHIFT_MINUTES;
    int step = SHIFT_MINUTES / (2 * beds);
    for (int note = 0; note < 2 * beds; note++) {
      minute += 1 + below(step - 1);
      Map<String, String> patient = patients.get(below(beds));
      patient.put("time", time(minute));
      notes.append(expand("{note}", patient)).append('\n');
    }
    notes.append(expand("{closing}", said)).append("\n\n");
  }

  /** Who is in a bed: the same name, pronouns and drug for the whole shift. */
  private Map<String, String> patient(int bed, Map<String, String> shift) {
    Map<String, String> patient = new HashMap<>(shift);
    String title = one("titles");
    boolean he = title.equals("Mr") || (!title.startsWith("M") && below(2) == 0);
    patient.put("bed", Integer.toString(bed));
    patient.put("Title", title);
    patient.put("Name", one("names"));
    patient.put("he", he ? "he" : "she");
    patient.put("He", he ? "He" : "She");
    patient.put("his", he ? "his" : "her");
    patient.put("His", he ? "His" : "Her");
    patient.put("him", he ? "him" : "her");
    patient.put("drug", one("drugs"));
    return patient;
  }

  /** Fills in what stands in braces, also in what is filled in. */
  private String expand(String text, Map<String, String> said) {
    Matcher symbols = SYMBOL.matcher(text);
    StringBuilder all = new StringBuilder();
    while (symbols.find()) {
      String symbol = symbols.group(1);
      Matcher number = NUMBER.matcher(symbol);
      String known = said.get(symbol);
      String value;
      if (number.matches()) {
        int low = Integer.parseInt(number.group(1));
        int high = Integer.parseInt(number.group(2));
        int drawn = low + below(high - low + 1);
        String noun = number.group(3);
        value = noun == null ? Integer.toString(drawn) : counted(drawn, noun);
      } else {
        value = known == null ? expand(one(symbol), said) : known;
      }
      symbols.appendReplacement(all, Matcher.quoteReplacement(value));
    }
    return symbols.appendTail(all).toString();
  }

  private static String counted(int count, String noun) {
    return count + noun + (count == 1 ? "" : "s");
  }

  private static String time(int minute) {
    return String.format(Locale.ROOT, "%02d:%02d", minute % DAY / 60, minute % 60);
  }

  /** One of the texts of a rule: of the ward's own, else of all wards'. */
  private String one(String rule) {
    String own = "wards." + ward + "." + rule;
    List<String> texts = grammar.getStringList(grammar.hasPath(own) ? own : "all." + rule);
    return texts.get(below(texts.size()));
  }

  private int below(int bound) {
    return (int) Math.floorMod(random.nextLong(), (long) bound);
  }
}
