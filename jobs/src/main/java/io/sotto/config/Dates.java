package io.sotto.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.sotto.problem.BadInputException;
import io.sotto.problem.Registry;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration takes from the calendar: {@code {date}} in paths, and a deadline that is a
 * time of day.
 *
 * @param start says when the program started, and the time zone of the machine
 * @param given the date of the run; empty for the day on which the program started
 */
public record Dates(Clock start, Optional<LocalDate> given) {
  /** Stands for the date of the run. */
  public static final String DATE = "{date}";

  /** Stands for the date of an earlier run. */
  public static final String PREVIOUS = "{previous}";

  private static final String ZONE = "zone";
  private static final String DEADLINE = "stop.deadline";
  private static final String WARM_START = "warm-start";
  private static final String SCHEDULE = "network.schedule";

  /** The keys of paths, but those in the schedule of the network. */
  private static final List<String> PATHS =
      List.of(
          "data.path",
          "data.units",
          "network.path",
          "privacy.secret",
          "checkpoint.path",
          "output.path",
          WARM_START);

  /** One word in braces; what globs have in braces holds commas. ${word} is none of these. */
  private static final Pattern WORD = Pattern.compile("(?<!\\$)\\{\\s*[A-Za-z][\\w-]*\\s*}");

  private static final Pattern TIME_OF_DAY = Pattern.compile("(\\d+:[\\d:]*)(?:\\s+(\\S.*))?");
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("H:mm[:ss]");

  /** Of the day on which the program started, which is now. */
  static Dates now() {
    return new Dates(Clock.systemDefaultZone(), Optional.empty());
  }

  /**
   * Of a day that was given as text.
   *
   * @param option what {@code --date} says; null if it was not given
   */
  public static Dates of(Clock start, @Nullable String option) {
    try {
      return new Dates(start, Optional.ofNullable(option).map(LocalDate::parse));
    } catch (DateTimeException e) {
      throw new BadInputException(
          "--date is '%s'; it must be a date such as 2026-11-28.".formatted(option), e);
    }
  }

  /** The date of the run, in the time zone that is given, else that of the machine. */
  public LocalDate day(Optional<String> zone) {
    return given.orElseGet(
        () -> LocalDate.ofInstant(start.instant(), zone.map(ZoneId::of).orElse(start.getZone())));
  }

  /** The key {@code zone}. */
  static Optional<String> zone(Values values) {
    Optional<String> zone = values.text(ZONE);
    zone.ifPresent(name -> zone(values, ZONE, name));
    return zone;
  }

  private static ZoneId zone(Values values, String key, String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      String nearest = Registry.nearest(name, new TreeSet<>(ZoneId.getAvailableZoneIds()));
      String remedy = "there is no time zone '%s'; maybe %s is meant".formatted(name, nearest);
      throw values.bad(key, values.at(key), remedy, e);
    }
  }

  /**
   * What was given, with the date in all paths.
   *
   * @param warnings takes the complaint that there was none to put it into
   */
  ConfigObject filled(Values values, List<String> warnings) {
    LocalDate day = day(zone(values));
    Config all = values.given().toConfig();
    for (String key : PATHS) {
      if (values.given(key)) {
        all = all.withValue(key, filled(values, key, values.at(key), day));
      }
    }
    if (values.given(SCHEDULE) && values.at(SCHEDULE) instanceof ConfigList list) {
      List<ConfigValue> blocks = new ArrayList<>();
      for (ConfigValue one : list) {
        String key = SCHEDULE + "[" + blocks.size() + "].path";
        blocks.add(
            one instanceof ConfigObject block && block.get("path") != null
                ? block.withValue("path", filled(values, key, block.get("path"), day))
                : one);
      }
      all =
          all.withValue(
              SCHEDULE, ConfigValueFactory.fromIterable(blocks).withOrigin(list.origin()));
    }
    boolean used =
        !all.root().equals(values.given()) || values.text(WARM_START).orElse("").contains(PREVIOUS);
    if (given.isPresent() && !used) {
      warnings.add("--date is %s, and no path holds %s.".formatted(day, DATE));
    }
    return all.root();
  }

  private static ConfigValue filled(Values values, String key, ConfigValue value, LocalDate day) {
    if (!(value.unwrapped() instanceof String text)) {
      return value;
    }
    Matcher word = WORD.matcher(text);
    StringBuilder filled = new StringBuilder();
    while (word.find()) {
      boolean previous = word.group().equals(PREVIOUS);
      if (word.group().equals(DATE)) {
        word.appendReplacement(filled, day.toString());
      } else if (!previous || !key.equals(WARM_START)) {
        String what =
            previous
                ? "%s can stand in warm-start only; write %s for the date of the run"
                    .formatted(PREVIOUS, DATE)
                : "%s is not known; write %s for the date of the run, or leave out the braces"
                    .formatted(word.group(), DATE);
        throw values.bad(key, value, what);
      }
    }
    String whole = word.appendTail(filled).toString();
    return whole.equals(text)
        ? value
        : ConfigValueFactory.fromAnyRef(whole).withOrigin(value.origin());
  }

  /** The deadline as it was given, if that is a time of day. */
  static Optional<String> timeOfDay(Values values) {
    return values.text(DEADLINE).filter(text -> TIME_OF_DAY.matcher(text.strip()).matches());
  }

  /** How long after the start the deadline is. */
  Duration deadline(Values values) {
    Optional<String> text = timeOfDay(values);
    if (text.isEmpty()) {
      return values.duration(
          DEADLINE, ", such as 90s, 10m or 4h, or a time of day such as \"06:30 Europe/Berlin\"");
    }
    Matcher parts = TIME_OF_DAY.matcher(text.get().strip());
    if (!parts.matches()) {
      throw new IllegalStateException(text.get());
    }
    @Nullable String name = parts.group(2);
    ZoneId zone =
        name != null
            ? zone(values, DEADLINE, name)
            : zone(values)
                .map(ZoneId::of)
                .orElseThrow(
                    () ->
                        values.bad(
                            DEADLINE,
                            values.at(DEADLINE),
                            "say in which time zone, as in \"%s Europe/Berlin\", or set the key zone"
                                .formatted(parts.group(1))));
    try {
      return until(LocalTime.parse(parts.group(1), TIME), zone, start.instant());
    } catch (DateTimeException e) {
      String remedy = "a time of day must be one from 00:00 to 23:59";
      throw values.bad(DEADLINE, values.at(DEADLINE), remedy, e);
    }
  }

  /**
   * How long it is until a clock shows a time of day next. A time that is skipped when clocks are
   * put forward comes when they are; one that is shown twice, twice.
   */
  static Duration until(LocalTime time, ZoneId zone, Instant start) {
    ZoneRules rules = zone.getRules();
    for (LocalDate day = LocalDate.ofInstant(start, zone); ; day = day.plusDays(1)) {
      LocalDateTime shown = day.atTime(time);
      List<ZoneOffset> offsets = rules.getValidOffsets(shown);
      List<Instant> moments =
          offsets.isEmpty()
              ? List.of(rules.getTransition(shown).getInstant())
              : offsets.stream().map(shown::toInstant).toList();
      for (Instant moment : moments) {
        if (moment.isAfter(start)) {
          return Duration.between(start, moment);
        }
      }
    }
  }
}
