package io.sotto.formula;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The terms of a formula, in the order that R gives them: of one variable, of two, and so on.
 *
 * @param formula what they are of
 * @param variables what they are made of, in the order in which the formula has them
 * @param terms each the places of its variables
 * @param intercept whether there is a constant
 * @param offsets what is added to predictions
 */
public record Terms(
    Formula formula,
    List<Variable> variables,
    List<BitSet> terms,
    boolean intercept,
    List<Node> offsets)
    implements Serializable {

  static Terms of(Formula formula, List<String> others) {
    Expansion expansion = new Expansion(formula.text(), others);
    List<BitSet> terms = new ArrayList<>(expansion.of(formula.terms()));
    terms.sort(Comparator.comparingInt(BitSet::cardinality));
    Terms all =
        new Terms(
            formula,
            List.copyOf(expansion.variables),
            List.copyOf(terms),
            expansion.intercept,
            List.copyOf(expansion.offsets));
    all = all.withoutUnused();
    String label = formula.response().text();
    for (Variable variable : all.variables) {
      if (variable.label().equals(label)) {
        throw Lexer.bad(formula.text(), variable.at(), "the label cannot be a term. Take it out");
      }
    }
    return all;
  }

  /**
   * Columns as they are, each a term.
   *
   * @param label the column of labels
   */
  public static Terms ofColumns(String label, List<String> columns, boolean intercept) {
    List<Variable> variables = new ArrayList<>();
    List<BitSet> terms = new ArrayList<>();
    for (String column : columns) {
      BitSet term = new BitSet();
      term.set(variables.size());
      terms.add(term);
      variables.add(Variable.column(column, new Node.Name(column, 0)));
    }
    Formula formula = new Formula("", new Node.Name(label, 0), new Node.Constant(1, 0));
    return new Terms(formula, List.copyOf(variables), List.copyOf(terms), intercept, List.of());
  }

  /** Without variables of terms that were taken out. */
  private Terms withoutUnused() {
    BitSet used = new BitSet();
    terms.forEach(used::or);
    return new Terms(
        formula,
        used.stream().mapToObj(variables::get).toList(),
        terms.stream().map(term -> among(term, used)).toList(),
        intercept,
        offsets);
  }

  private static BitSet among(BitSet term, BitSet used) {
    BitSet places = new BitSet();
    term.stream().forEach(v -> places.set(used.get(0, v).cardinality()));
    return places;
  }

  /** The columns of terms and offsets, each once. */
  public List<String> columns() {
    return Stream.concat(
            variables.stream().map(Variable::argument).flatMap(Node::names),
            offsets.stream().flatMap(Node::names))
        .map(Node.Name::name)
        .distinct()
        .toList();
  }

  /** The same, then those of a label that is computed. */
  public List<String> allColumns() {
    return Stream.concat(
            columns().stream(),
            formula.isLabelColumn() ? Stream.of() : formula.response().names().map(Node.Name::name))
        .distinct()
        .toList();
  }

  /** The columns of variables, which may be filled where they are missing. */
  Set<String> filled() {
    Set<String> columns = new LinkedHashSet<>();
    variables.forEach(v -> v.argument().names().forEach(name -> columns.add(name.name())));
    return columns;
  }

  /** Expands operators. */
  private static final class Expansion {
    private final String formula;
    private final List<String> others;
    private final List<Variable> variables = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final List<Node> offsets = new ArrayList<>();
    private boolean intercept = true;

    Expansion(String formula, List<String> others) {
      this.formula = formula;
      this.others = others;
    }

    Set<BitSet> of(Node node) {
      if (node instanceof Node.Group group) {
        return of(group.inside());
      }
      if (node instanceof Node.Constant constant) {
        constant(constant, true);
        return new LinkedHashSet<>();
      }
      if (node instanceof Node.Signed signed) {
        return signed.sign() == '+' ? of(signed.of()) : without(new LinkedHashSet<>(), signed.of());
      }
      if (node instanceof Node.Name name && name.name().equals(Node.Name.ALL_OTHERS)) {
        Set<BitSet> all = new LinkedHashSet<>();
        others.forEach(other -> all.add(bit(Variable.column(new Node.Name(other, name.at())))));
        return all;
      }
      if (node instanceof Node.Call call && call.function().equals("offset")) {
        if (call.arguments().size() != 1) {
          throw Lexer.bad(formula, call.at(), "offset takes one argument");
        }
        Node of = call.arguments().get(0).value();
        Arithmetic.check(formula, of);
        offsets.add(of);
        return new LinkedHashSet<>();
      }
      return node instanceof Node.Pair pair
          ? pair(pair)
          : new LinkedHashSet<>(Set.of(bit(Variable.of(formula, node))));
    }

    private BitSet bit(Variable variable) {
      Integer place = places.putIfAbsent(variable.label(), variables.size());
      if (place == null) {
        variables.add(variable);
      }
      BitSet term = new BitSet();
      term.set(place == null ? variables.size() - 1 : place);
      return term;
    }

    private Set<BitSet> pair(Node.Pair pair) {
      Set<BitSet> left = of(pair.left());
      if (pair.operator() == '-') {
        return without(left, pair.right());
      }
      if (pair.operator() == '^') {
        return power(left, pair);
      }
      Set<BitSet> right = of(pair.right());
      Set<BitSet> all = new LinkedHashSet<>();
      switch (pair.operator()) {
        case '+' -> {
          all.addAll(left);
          all.addAll(right);
        }
        case ':' -> all.addAll(products(left, right));
        case '*' -> {
          all.addAll(left);
          all.addAll(right);
          all.addAll(products(left, right));
        }
        case '/' -> {
          BitSet whole = new BitSet();
          left.forEach(whole::or);
          all.addAll(left);
          all.addAll(products(Set.of(whole), right));
        }
        default ->
            throw Lexer.bad(
                formula, pair.at(), "'%s' cannot stand here".formatted(pair.operator()));
      }
      return all;
    }

    private static List<BitSet> products(Collection<BitSet> left, Collection<BitSet> right) {
      List<BitSet> products = new ArrayList<>();
      for (BitSet a : left) {
        for (BitSet b : right) {
          BitSet both = (BitSet) a.clone();
          both.or(b);
          products.add(both);
        }
      }
      return products;
    }

    private Set<BitSet> power(Set<BitSet> base, Node.Pair pair) {
      if (!(pair.right() instanceof Node.Constant times
          && times.value() >= 1
          && times.value() == Math.rint(times.value()))) {
        throw Lexer.bad(
            formula,
            pair.right().at(),
            "^ crosses terms, and takes a whole number from 1 on; a power is I(x^2) or poly(x, 2)");
      }
      Set<BitSet> all = new LinkedHashSet<>(base);
      for (int k = 1; k < times.value() && k < variables.size(); k++) {
        all.addAll(products(List.copyOf(all), base));
      }
      return all;
    }

    private Set<BitSet> without(Set<BitSet> terms, Node removed) {
      if (removed instanceof Node.Constant constant) {
        constant(constant, false);
        return terms;
      }
      boolean constant = intercept;
      int before = offsets.size();
      terms.removeAll(of(removed));
      intercept = constant;
      offsets.subList(before, offsets.size()).clear();
      return terms;
    }

    private void constant(Node.Constant constant, boolean added) {
      if (constant.value() != 0 && constant.value() != 1) {
        throw Lexer.bad(
            formula, constant.at(), "of numbers only 0 and 1 can stand for a constant or none");
      }
      intercept = added == (constant.value() == 1);
    }
  }
}
