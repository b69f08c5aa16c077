<?php
// Whether two photos show the same person. Exit code 0: yes, 1: no, 2: an error.
// usage: php compare.php REFERENCE LIVE, with FACEMETRIC_URL and, where the service needs one, FACEMETRIC_API_KEY

function fail(string $message): never
{
    fwrite(STDERR, "$message\n");
    exit(2);
}

if ($argc !== 3) fail('usage: php compare.php REFERENCE LIVE');
$url = getenv('FACEMETRIC_URL') ?: 'http://localhost:5000';
$key = getenv('FACEMETRIC_API_KEY');
$photos = [];
foreach (['reference_image' => $argv[1], 'live_image' => $argv[2]] as $field => $file) {
    $bytes = @file_get_contents($file);
    if ($bytes === false) fail("$file cannot be read");
    $photos[$field] = base64_encode($bytes);
}
$headers = ['Content-Type: application/json'];
if ($key) $headers[] = "Authorization: Bearer $key";
$body = @file_get_contents("$url/compare", false, stream_context_create(['http' => [
    'method' => 'POST',
    'header' => $headers,
    'content' => json_encode($photos),
    'timeout' => 60,
    'ignore_errors' => true, // So that the body of an error can be read.
]]));
if ($body === false) fail("$url cannot be reached");
$reply = json_decode($body, true);
if (!isset($reply['identical'])) fail($reply ? "{$reply['code']}: {$reply['detail']}" : 'no reply of the service');
echo json_encode($reply['identical']), ' ', $reply['distance'], "\n";
exit($reply['identical'] ? 0 : 1);
