/** Penalty on the squares of the weights: next to nothing, so that a predictor that is always 0 does no harm. */
const RIDGE = 1
const MOST_STEPS = 25
const SETTLED = 1e-6

/** A linear model of the logarithm of the odds. */
export interface LogisticModel {
  readonly intercept: number
  readonly weights: readonly number[]
}

/**
 * The model under which the labels are most likely, by Newton's method.
 * Source: Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 2009, section 4.4.1.
 * @param rows the predictors of each case
 * @param labels whether it happened
 */
export function fitLogistic(rows: readonly (readonly number[])[], labels: readonly boolean[]): LogisticModel {
  const inputs = rows.map((row) => [1, ...row])
  const size = inputs[0].length
  let weights = new Array<number>(size).fill(0)
  for (let step = 0; step < MOST_STEPS; step++) {
    const system = weights.map((weight, i) => [...weights.map((_, j) => (i === j ? RIDGE : 0)), -RIDGE * weight])
    inputs.forEach((input, n) => {
      const p = probability(input, weights)
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) system[i][j] += p * (1 - p) * input[i] * input[j]
        system[i][size] += input[i] * (Number(labels[n]) - p)
      }
    })
    const change = solve(system)
    weights = weights.map((weight, i) => weight + change[i])
    if (change.every((value) => Math.abs(value) < SETTLED)) break
  }
  return { intercept: weights[0], weights: weights.slice(1) }
}

/** How likely it is under the model, 0 to 1. */
export function predict({ intercept, weights }: LogisticModel, row: readonly number[]): number {
  return probability([1, ...row], [intercept, ...weights])
}

function probability(input: readonly number[], weights: readonly number[]): number {
  return 1 / (1 + Math.exp(-input.reduce((sum, value, i) => sum + value * weights[i], 0)))
}

/** Solves a positive definite system by elimination; the last column is the right side. */
function solve(system: number[][]): number[] {
  const size = system.length
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      if (k === i) continue
      const factor = system[k][i] / system[i][i]
      for (let column = i; column <= size; column++) system[k][column] -= factor * system[i][column]
    }
  }
  return system.map((row, i) => row[size] / row[i])
}
