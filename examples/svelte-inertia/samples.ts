// Something to cook in a new database: six bases, each in six ways.
import type { Ingredient, RecipeInput } from "./recipes.ts";

/** Case: "200 g rice" -> an ingredient. */
function ingredient(text: string): Ingredient {
  const [amount = "1", unit = "", ...name] = text.split(" ");
  return { amount: Number(amount), unit, name: name.join(" ") };
}

const BASES = [
  [
    "Soup",
    "soup",
    35,
    ["800 ml stock", "1 pc onion"],
    "Simmer until everything is soft.",
  ],
  [
    "Risotto",
    "main",
    40,
    ["320 g rice", "1 l stock", "60 g parmesan"],
    "Stir, and keep stirring.",
  ],
  [
    "Tart",
    "main",
    55,
    ["230 g pastry", "3 pc eggs", "200 ml cream"],
    "Bake at 180 °C until golden.",
  ],
  [
    "Salad",
    "salad",
    15,
    ["2 tbsp olive oil", "1 tbsp vinegar"],
    "Toss it just before it is served.",
  ],
  [
    "Gratin",
    "main",
    70,
    ["800 g potatoes", "400 ml cream"],
    "Bake slowly, at 160 °C.",
  ],
  [
    "Sorbet",
    "sweet",
    25,
    ["150 g sugar", "200 ml water"],
    "Stir it every half hour while it freezes.",
  ],
] as const;

const WAYS = [
  ["Fennel", "2 pc fennel bulbs"],
  ["Beetroot", "400 g beetroot"],
  ["Lemon", "2 pc lemons"],
  ["Pear", "3 pc pears"],
  ["Pumpkin", "600 g pumpkin"],
  ["Rhubarb", "350 g rhubarb"],
] as const;

export const SAMPLES: readonly RecipeInput[] = WAYS.flatMap(([way, what], w) =>
  BASES.map(([base, kind, minutes, rest, last]) => ({
    title: `${way} ${base.toLowerCase()}`,
    kind,
    minutes: minutes + w * 3,
    servings: 4,
    ingredients: [what, ...rest].map(ingredient),
    steps: `Cut what has to be cut, ${way.toLowerCase()} first.\nMix it with the rest.\n${last}`,
  }))
);
