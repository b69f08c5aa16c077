/** What TensorFlow's library writes to standard error whenever it is loaded, before any setting reaches it. */
const START_NOTICES = [
  /^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$/,
  /^I0000 .*\] oneDNN custom operations are on\. /,
]

/** Whether a line of a native library says no more than that it was loaded. */
export function isStartNotice(line: string): boolean {
  return START_NOTICES.some((notice) => notice.test(line))
}
