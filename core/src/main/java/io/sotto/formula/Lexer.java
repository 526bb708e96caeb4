package io.sotto.formula;

import io.sotto.problem.BadInputException;
import io.sotto.problem.Numbers;
import java.util.ArrayList;
import java.util.List;

/** Cuts the text of a formula into words, numbers and signs. */
final class Lexer {
  /** What a piece is. */
  enum Kind {
    NAME,
    NUMBER,
    SIGN,
    END
  }

  /**
   * A piece.
   *
   * @param text of a name, what it names
   * @param at where it begins, from 1
   */
  record Token(Kind kind, String text, int at) {
    boolean is(char sign) {
      return kind == Kind.SIGN && text.charAt(0) == sign;
    }
  }

  private Lexer() {}

  static List<Token> tokens(String formula) {
    List<Token> tokens = new ArrayList<>();
    int at = 0;
    while (at < formula.length()) {
      char c = formula.charAt(at);
      int end = at + 1;
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      if (c == '`') {
        StringBuilder name = new StringBuilder();
        while (end < formula.length() && formula.charAt(end) != '`') {
          end += formula.charAt(end) == '\\' ? 1 : 0;
          name.append(end < formula.length() ? "" + formula.charAt(end) : "");
          end++;
        }
        if (end >= formula.length()) {
          throw bad(formula, at + 1, "a backtick has no second one. Put one after the name");
        }
        tokens.add(new Token(Kind.NAME, name.toString(), at + 1));
        end++;
      } else if (wordEnd(formula, at) > at) {
        end = wordEnd(formula, at);
        tokens.add(new Token(Kind.NAME, formula.substring(at, end), at + 1));
      } else if (Character.isDigit(c) || c == '.') {
        end = numberEnd(formula, at);
        String number = formula.substring(at, end);
        if (Double.isNaN(Numbers.parse(number))) {
          throw bad(formula, at + 1, "'%s' is no number".formatted(number));
        }
        tokens.add(new Token(Kind.NUMBER, number, at + 1));
      } else if ("~+-*/:^(),=".indexOf(c) >= 0) {
        tokens.add(new Token(Kind.SIGN, "" + c, at + 1));
      } else {
        throw bad(
            formula,
            at + 1,
            "'%s' means nothing in a formula. Known are ~ + - * / : ^ ( ), names and numbers; put a name with other characters into backticks"
                .formatted(c));
      }
      at = end;
    }
    tokens.add(new Token(Kind.END, "", formula.length() + 1));
    return tokens;
  }

  /** Where a name that can be read without backticks ends; its beginning if there is none. */
  static int wordEnd(String text, int from) {
    int at = from;
    char first = text.charAt(from);
    boolean number = first == '.' && from + 1 < text.length() && isDigit(text.charAt(from + 1));
    if (number || !(Character.isLetter(first) || first == '.')) {
      return from;
    }
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "._".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static int numberEnd(String text, int from) {
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean exponentSign =
          (c == '-' || c == '+') && at > from && "eE".indexOf(text.charAt(at - 1)) >= 0;
      if (!isDigit(c) && c != '.' && c != 'e' && c != 'E' && !exponentSign) {
        break;
      }
      at++;
    }
    return at;
  }

  /**
   * A complaint about a formula.
   *
   * @param at the character, from 1
   * @param why what is wrong, and the remedy, without a full stop
   */
  static BadInputException bad(String formula, int at, String why) {
    return new BadInputException(
        "problem.formula is '%s'; at character %d: %s.".formatted(formula, at, why));
  }
}
