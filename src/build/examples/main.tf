# pixgate behind CloudFront by Terraform, with its keys in SSM (npm run keys -- push --ssm /pixgate/keys):
# npm run package && terraform -chdir=src/build/examples init && terraform -chdir=src/build/examples apply

terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 6.21" }
  }
}

locals {
  root = "${path.module}/../../.."
  keys = "/pixgate/keys"
  edge = { AvifAuto = "off", EdgeKeys = "off", Public = "off", Compat = "", QueryIgnored = "utm_*,fbclid,gclid,msclkid,mc_eid,_" }
}
data "aws_ssm_parameter" "keys" {
  name            = local.keys
  with_decryption = false
}

resource "aws_iam_role" "resizer" {
  name               = "pixgate-resizer"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }] })
}
resource "aws_iam_role_policy" "resizer" {
  role = aws_iam_role.resizer.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "ssm:GetParameter", Resource = data.aws_ssm_parameter.keys.arn },
    { Effect = "Allow", Action = ["logs:CreateLogStream", "logs:PutLogEvents"], Resource = "${aws_cloudwatch_log_group.resizer.arn}:*" },
  ] })
}
resource "aws_cloudwatch_log_group" "resizer" {
  name              = "/aws/lambda/pixgate-streamer"
  retention_in_days = 30
}
resource "aws_lambda_function" "resizer" {
  function_name    = "pixgate-streamer"
  role             = aws_iam_role.resizer.arn
  filename         = "${local.root}/pixgate-arm64.zip"
  source_code_hash = filebase64sha256("${local.root}/pixgate-arm64.zip")
  handler          = "stream.handler"
  runtime          = "nodejs24.x"
  architectures    = ["arm64"]
  memory_size      = 1769
  timeout          = 28
  depends_on       = [aws_cloudwatch_log_group.resizer]
  environment {
    variables = {
      API_KEYS_SSM           = local.keys
      VIEWER_HOST_HEADER     = "x-pixgate-host"
      AVIF_AUTO              = local.edge.AvifAuto
      QUERY_IGNORED          = local.edge.QueryIgnored
      METRICS_NAMESPACE      = "pixgate"
      UV_THREADPOOL_SIZE     = "16"
      MALLOC_ARENA_MAX       = "1"
      MALLOC_MMAP_MAX_       = "0"
      MALLOC_TRIM_THRESHOLD_ = "536870912"
    }
  }
}
resource "aws_lambda_function_url" "resizer" {
  function_name      = aws_lambda_function.resizer.function_name
  authorization_type = "AWS_IAM"
  invoke_mode        = "RESPONSE_STREAM"
}
resource "aws_lambda_permission" "cdn" {
  for_each               = toset(["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"])
  action                 = each.key
  function_name          = aws_lambda_function.resizer.function_name
  function_url_auth_type = each.key == "lambda:InvokeFunctionUrl" ? "AWS_IAM" : null
  principal              = "cloudfront.amazonaws.com"
  source_arn             = aws_cloudfront_distribution.cdn.arn
}

resource "aws_cloudfront_function" "edge" {
  name    = "pixgate-edge"
  runtime = "cloudfront-js-2.0"
  publish = true
  code    = templatefile("${local.root}/dist/cloudfront-function.js", local.edge)
}
resource "aws_cloudfront_origin_access_control" "resizer" {
  name                              = "pixgate-resizer"
  origin_access_control_origin_type = "lambda"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}
resource "aws_cloudfront_cache_policy" "images" {
  name        = "pixgate-images"
  min_ttl     = 0
  default_ttl = 0
  max_ttl     = 31536000
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = false
    enable_accept_encoding_brotli = false
    cookies_config { cookie_behavior = "none" }
    headers_config {
      header_behavior = "whitelist"
      headers { items = ["Accept"] }
    }
    query_strings_config { query_string_behavior = "all" }
  }
}
resource "aws_cloudfront_origin_request_policy" "resizer" {
  name = "pixgate-resizer"
  cookies_config { cookie_behavior = "none" }
  headers_config {
    header_behavior = "whitelist"
    headers { items = ["X-Api-Key", "X-Pixgate-Host", "Origin", "Referer"] }
  }
  query_strings_config { query_string_behavior = "all" }
}
resource "aws_cloudfront_distribution" "cdn" {
  enabled         = true
  is_ipv6_enabled = true
  http_version    = "http2and3"
  origin {
    origin_id                = "resizer"
    domain_name              = split("/", aws_lambda_function_url.resizer.function_url)[2]
    origin_access_control_id = aws_cloudfront_origin_access_control.resizer.id
    custom_origin_config {
      http_port              = 80
      https_port             = 443
      origin_protocol_policy = "https-only"
      origin_ssl_protocols   = ["TLSv1.2"]
      origin_read_timeout    = 30
    }
  }
  default_cache_behavior {
    target_origin_id         = "resizer"
    viewer_protocol_policy   = "redirect-to-https"
    allowed_methods          = ["GET", "HEAD", "OPTIONS"]
    cached_methods           = ["GET", "HEAD"]
    compress                 = false
    cache_policy_id          = aws_cloudfront_cache_policy.images.id
    origin_request_policy_id = aws_cloudfront_origin_request_policy.resizer.id
    function_association {
      event_type   = "viewer-request"
      function_arn = aws_cloudfront_function.edge.arn
    }
  }
  # By the Cache-Control of the response, instead of ten seconds.
  dynamic "custom_error_response" {
    for_each = { 400 = 60, 403 = 0, 404 = 60, 405 = 0, 500 = 0, 502 = 0, 503 = 0, 504 = 0 }
    content {
      error_code            = custom_error_response.key
      error_caching_min_ttl = custom_error_response.value
    }
  }
  restrictions {
    geo_restriction { restriction_type = "none" }
  }
  viewer_certificate { cloudfront_default_certificate = true }
}
output "url" { value = "https://${aws_cloudfront_distribution.cdn.domain_name}/" }
