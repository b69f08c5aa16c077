/** Makes something of each object once, and gives the same whenever it is asked again. */
export function oncePerObject<From extends object, Made>(make: (from: From) => Made): (from: From) => Made {
  const made = new WeakMap<From, Made>()
  return (from) => {
    const earlier = made.get(from)
    if (earlier !== undefined) return earlier
    const now = make(from)
    made.set(from, now)
    return now
  }
}
