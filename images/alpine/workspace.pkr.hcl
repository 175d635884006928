# A workspace's machine as a virtual machine of Alpine Linux, by Packer and QEMU. What is in it comes from ../recipe.json.
# Nobody has built it yet: see README.md.

packer {
  required_version = ">= 1.11.0"
  required_plugins {
    qemu = {
      source  = "github.com/hashicorp/qemu"
      version = "~> 1.1"
    }
  }
}

variable "release" {
  type        = string
  default     = "3.23"
  description = "Of Alpine: its Node has to be the 24 that code-server asks for."
}

variable "point_release" {
  type        = string
  default     = "3.23.0"
  description = "The image to begin with, of that release."
}

variable "architecture" {
  type        = string
  default     = "x86_64"
  description = "x86_64 or aarch64."

  validation {
    condition     = contains(["x86_64", "aarch64"], var.architecture)
    error_message = "The architecture must be x86_64 or aarch64."
  }
}

variable "accelerator" {
  type        = string
  default     = "kvm"
  description = "kvm on Linux, hvf on a Mac, tcg where there is neither."
}

variable "firmware" {
  type        = string
  default     = "/usr/share/OVMF/OVMF_CODE.fd"
  description = "UEFI for QEMU; on aarch64 that of the package qemu-efi-aarch64."
}

locals {
  recipe   = jsondecode(file("${path.root}/../recipe.json"))
  packages = distinct(flatten([for group in local.recipe.system.packages : group.alpine]))

  # Only while it is built: the last step locks root.
  password = uuidv4()
  base     = "nocloud_alpine-${var.point_release}-${var.architecture}-uefi-cloudinit-r0.qcow2"
  base_url = "https://dl-cdn.alpinelinux.org/alpine/v${var.release}/releases/cloud/${local.base}"
}

source "qemu" "workspace" {
  iso_url          = local.base_url
  iso_checksum     = "file:${local.base_url}.sha512"
  disk_image       = true
  disk_size        = "8G"
  disk_compression = true
  format           = "qcow2"
  vm_name          = "workspace-vm.qcow2"
  output_directory = "${path.root}/build"

  qemu_binary       = "qemu-system-${var.architecture}"
  machine_type      = var.architecture == "aarch64" ? "virt" : "q35"
  accelerator       = var.accelerator
  efi_boot          = true
  efi_firmware_code = var.firmware
  cpus              = 2
  memory            = 4096
  net_device        = "virtio-net"
  disk_interface    = "virtio"
  headless          = true

  cd_label = "cidata"
  cd_content = {
    "meta-data" = "instance-id: build\n"
    "user-data" = <<-CONFIG
      #cloud-config
      disable_root: false
      ssh_pwauth: true
      users:
        - name: root
          lock_passwd: false
          plain_text_passwd: ${local.password}
    CONFIG
  }

  ssh_username     = "root"
  ssh_password     = local.password
  ssh_timeout      = "10m"
  shutdown_command = "poweroff"
}

build {
  sources = ["source.qemu.workspace"]

  provisioner "shell" {
    inline = ["mkdir -p /tmp/images/sandbox"]
  }

  provisioner "file" {
    sources = [
      "${path.root}/../workspace",
      "${path.root}/../machine",
      "${path.root}/files",
    ]
    destination = "/tmp/images/"
  }

  provisioner "file" {
    sources = [
      "${path.root}/../../packages/runtime/src/sandbox/guest.sh",
      "${path.root}/../../packages/runtime/src/sandbox/editor.cjs",
    ]
    destination = "/tmp/images/sandbox/"
  }

  provisioner "shell" {
    script = "${path.root}/install.sh"
    environment_vars = [
      "PACKAGES=${join(" ", local.packages)}",
      "DEV=${local.recipe.user.name}",
      "DEV_ID=${local.recipe.user.uid}",
      "DEV_HOME=${local.recipe.user.home}",
      "DEV_SHELL=${local.recipe.user.shell}",
    ]
  }
}
